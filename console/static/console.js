// Everything here is a convenience: each page also works without it, by reloading.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const lost = one("[data-lost]");
const box = one("#text");
let over = false;      // signed out, or the claim is gone: stop asking
let active = false;    // somebody typed, tapped or scrolled since the last sign of life
let leaving = false;   // a form is on its way: no question about unsent words

function tell(words, link) {
  if (!lost) return;
  over = true;
  lost.textContent = words + " ";
  if (link) {
    const a = document.createElement("a");
    a.href = link[0];
    a.textContent = link[1];
    lost.append(a);
  }
  lost.hidden = false;
  const send = one("[data-test=reply-send]");
  if (send) send.disabled = true;
}

function judge(status) {
  const keep = box && box.value ? "Copy your reply first if you still need it." : "";
  if (status === 401) {
    tell("You were away for half an hour and are signed out. " + keep, ["/sign-in", "Sign in again"]);
  } else if (status === 409) {
    tell("You no longer hold this conversation: it was closed, handed on, or went back to the "
      + "queue. " + keep, [location.pathname, "See where it is"]);
  } else if (status === 404) {
    tell("This conversation does not exist any more. " + keep, ["/", "To the queue"]);
  }
}

// --- parts of a page that change ---------------------------------------------------------

function replace(place, html) {
  const held = document.activeElement;
  const key = place.contains(held) && held !== place ? held.dataset.key : undefined;
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
  const before = all("[data-who=person], [data-key]", place).length;
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  if (key) one(`[data-key="${CSS.escape(key)}"]`, place)?.focus({ preventScroll: true });
  if (atEnd) place.scrollTop = place.scrollHeight;
  const more = all("[data-who=person], [data-key]", place).length - before;
  const said = one("[data-announce]");
  if (said && more > 0) said.textContent = box ? "A new message" : "New in the queue";
  count(place);
}

function count(place) {
  const waiting = one("[data-count]", place)?.dataset.count;
  if (waiting === undefined) return;
  document.title = document.title.replace(/^(\(\d+\) )?/, waiting === "0" ? "" : `(${waiting}) `);
}

for (const place of all("[data-refresh]")) {
  let last = "";
  count(place);
  place.scrollTop = place.scrollHeight;
  const look = async () => {
    if (!over && !document.hidden && !getSelection().toString()) {
      try {
        const answer = await fetch(place.dataset.refresh, { cache: "no-store" });
        if (answer.ok) {
          const html = await answer.text();
          if (html !== last) replace(place, html);
          last = html;
        } else {
          judge(answer.status);
        }
      } catch { /* the network is away for a moment */ }
    }
    setTimeout(look, place.dataset.every * 1000);
  };
  look();
}

// --- the reply ----------------------------------------------------------------------------

const reply = one("form.reply");
if (reply) {
  const post = (url, fields) => fetch(url, {
    method: "POST",
    body: new URLSearchParams({
      csrf_token: reply.elements.csrf_token.value,
      fence: reply.elements.fence.value,
      ...fields,
    }),
  });

  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    addEventListener(kind, () => { active = true; }, { passive: true });
  }
  setInterval(async () => {
    if (over) return;
    const answer = await post(reply.dataset.renew, { active: active ? "1" : "0" }).catch(() => null);
    active = false;
    if (answer && !answer.ok) judge(answer.status);
  }, 60000);

  const size = one("[data-size]");
  let pause, asked = 0;
  const measure = async () => {
    const mine = ++asked;
    const answer = await post(reply.dataset.measure, { text: box.value }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const found = await answer.json();
    size.textContent = found.words;
    size.classList.toggle("over", found.too_long);
  };
  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(measure, 250);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      reply.requestSubmit(one("[data-test=reply-send]"));
    }
  });
  const given = box.value;
  addEventListener("beforeunload", (event) => {
    if (!leaving && box.value.trim() && box.value !== given) event.preventDefault();
  });
}

// a second press of a button does not send a second time
addEventListener("submit", (event) => {
  leaving = true;
  setTimeout(() => all("button", event.target).forEach((b) => { b.disabled = true; }));
});
addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted) all("button").forEach((b) => { b.disabled = false; });
});

// --- small things ---------------------------------------------------------------------------

const wide = matchMedia("(min-width: 60rem)");
if (box && wide.matches && location.hash === "#newest") box.focus({ preventScroll: true });
for (const details of all("[data-wide-open]")) {
  const fit = () => { details.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
}

const find = one("[data-find]");
if (find) {
  one("[data-find-label]").hidden = false;
  const opened = new Map(all("[data-group]").map((group) => [group, group.open]));
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    for (const [group, open] of opened) {
      for (const item of all("[data-found]", group)) {
        item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
      }
      const some = all("[data-found]:not([hidden])", group).length > 0;
      group.hidden = !some;
      group.open = wanted ? some : open;
    }
  });
}
