// The desk: which phones stand on it, and one poll that keeps them all current.
import { Phone } from "./phone.js";

const POLL_MS = 450;
const KEPT = "phones";
const desk = document.getElementById("desk");
const outage = document.getElementById("outage");

let phones = [];
let after = 0;
let began = null;
let timer = 0;
let polls = 0;

/** Addresses from ?phone=..., else those of the last visit, else one SMS phone. */
function chosen() {
  const asked = new URLSearchParams(location.search).getAll("phone");
  if (asked.length) return asked.map((a) => a.trim().replace(/^(\w+:)?\s*(?=\d)/, "$1+"));
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    if (Array.isArray(kept) && kept.length) return kept;
  } catch { /* an unreadable memory is no memory */ }
  return ["+15550101"];
}

function keep() {
  localStorage.setItem(KEPT, JSON.stringify(phones.map((p) => p.address)));
}

/** The first made-up number that is not in use on the desk. */
function nextAddress(channel) {
  const taken = new Set(phones.map((p) => p.address.split(":").pop()));
  let n = 101;
  while (taken.has(`+15550${n}`)) n += 1;
  return (channel === "sms" ? "" : `${channel}:`) + `+15550${n}`;
}

function add(address) {
  const phone = new Phone(address, { removed: remove, changed: poll });
  phones.push(phone);
  desk.append(phone.element);
  after = 0;
  return phone;
}

function remove(phone) {
  phones = phones.filter((p) => p !== phone);
  phone.element.remove();
  keep();
}

async function poll() {
  clearTimeout(timer);
  const mine = ++polls;
  const query = new URLSearchParams({ after: String(after) });
  for (const phone of phones) query.append("phone", phone.address);
  try {
    const answer = await fetch(`/simulator/feed?${query}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const news = await answer.json();
    if (mine !== polls) return;
    outage.hidden = true;
    take(news);
  } catch {
    if (mine !== polls) return;
    outage.hidden = false;
  }
  timer = setTimeout(poll, document.hidden ? POLL_MS * 6 : POLL_MS);
}

function take(news) {
  const emptied = began !== null && began !== news.began;
  began = news.began;
  if (emptied) {
    for (const phone of phones) phone.empty();
    if (after) {
      after = 0;
      return;
    }
  }
  after = news.version;
  for (const phone of phones) phone.take(news);
}

document.getElementById("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const channel = new FormData(event.target).get("channel");
  const phone = add(nextAddress(channel));
  keep();
  phone.element.scrollIntoView({ behavior: "smooth", inline: "center", block: "nearest" });
  phone.focus();
  poll();
});
document.addEventListener("visibilitychange", () => document.hidden || poll());

for (const address of chosen()) add(address);
poll();
