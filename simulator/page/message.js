// One bubble with what became of it.
const SVG = "http://www.w3.org/2000/svg";
const BAD = new Set(["failed", "undelivered"]);
const TICKS = { sent: ["M2 6.5l3 3 6-7"], delivered: ["M1 6.5l3 3 6-7", "M8 8.3l1.2 1.2 6-7"] };
TICKS.read = TICKS.delivered;

export function shortTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function element(tag, className, test) {
  const made = document.createElement(tag);
  made.className = className;
  if (test) made.dataset.test = test;
  return made;
}

function ticks(status) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 17 12");
  svg.setAttribute("aria-hidden", "true");
  for (const d of TICKS[status] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A list item for a message of the feed. */
export function drawMessage(message) {
  const item = element("li", "message");
  item.dataset.at = message.created_at;
  item.dataset.sid = message.sid;
  if (message.direction === "network") {
    item.className = "network";
    item.dataset.test = "network-note";
    const head = element("b", "");
    head.textContent = "The network answers by itself";
    const words = element("span", "");
    words.dir = "auto";
    words.textContent = message.body;
    item.append(head, words);
    return item;
  }
  const direction = message.direction === "inbound" ? "in" : "out";
  item.classList.add(direction);
  const bubble = element("div", "bubble", "bubble");
  bubble.dir = "auto";
  bubble.dataset.direction = direction;
  if (message.num_media) {
    bubble.classList.add("picture");
    bubble.textContent = ["Picture", message.body].filter(Boolean).join(": ");
  } else {
    bubble.textContent = message.body;
  }
  const meta = element("p", "meta");
  const time = element("time", "time");
  time.textContent = shortTime(message.created_at);
  meta.append(time, element("span", "status", "status"));
  if (direction === "out") meta.append(element("span", "segments", "segments"));
  item.append(bubble, meta);
  fillMessage(item, message);
  return item;
}

/** Bring the state of a drawn message up to date. */
export function fillMessage(item, message) {
  if (message.direction === "network") return;
  const status = item.querySelector(".status");
  const bubble = item.querySelector(".bubble");
  bubble.dataset.status = message.status;
  if (message.direction === "inbound") {
    const reached = message.webhook === null || message.webhook === "204" || message.webhook === "200";
    status.classList.toggle("bad", !reached);
    status.textContent = message.webhook === null ? "on its way" : reached ? "reached the bot" : `webhook error ${message.webhook}`;
    return;
  }
  const bad = BAD.has(message.status);
  item.classList.toggle("lost", bad);
  status.className = `status ${bad ? "bad" : message.status}`;
  const words = bad ? `${message.status}, error ${message.error_code}` : message.status;
  status.replaceChildren(...(TICKS[message.status] ? [ticks(message.status)] : []), document.createTextNode(words));
  const segments = item.querySelector(".segments");
  if (message.price_estimate === null) {
    segments.textContent = "no segments";
    return;
  }
  const many = message.num_segments === 1 ? "1 segment" : `${message.num_segments} segments`;
  segments.textContent = `${many} · ${message.encoding} · ≈ $${message.price_estimate.toFixed(4)}`;
  segments.title = "Estimate: US outbound SMS, $0.0083 a segment, without carrier fees";
}
