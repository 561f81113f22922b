// One phone: its lock screen, its conversation, its composer.
import { drawMessage, fillMessage, shortTime } from "./message.js";

const NEAR_END = 60;
const FACE = '<svg viewBox="0 0 20 20"><path d="M3 5.5A2.5 2.5 0 0 1 5.5 3h9A2.5 2.5 0 0 1 17 5.5v5a2.5 2.5 0 0 1-2.5 2.5H9l-4 3.5V13A2 2 0 0 1 3 11z"/></svg>';

/** "+15550101" → "+1 555 0101". */
function readable(number) {
  return number.replace(/^\+1(\d{3})(\d{4})$/, "+1 $1 $2");
}

async function post(path, data) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data),
  });
  return answer.ok;
}

export class Phone {
  constructor(address, { removed, changed }) {
    this.address = address;
    const [number, channel = "sms"] = address.split(":").reverse();
    this.number = number;
    this.channel = channel;
    this.changed = changed;
    this.bubbles = new Map();
    this.messages = new Map();

    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.part = (name) => this.element.querySelector(`.${name}`);
    this.element.classList.add(channel);
    this.element.dataset.address = address;
    this.element.dataset.channel = channel;
    this.part("face").innerHTML = FACE;
    const kind = { sms: "SMS", whatsapp: "WhatsApp", messenger: "Messenger" }[channel] ?? channel;
    this.part("head-own").textContent = `${kind} from ${readable(number)}`;
    this.element.setAttribute("aria-label", `Phone ${readable(number)}, ${kind}`);
    this.thread = this.part("thread");
    this.composer = this.part("compose");

    this.part("close").addEventListener("click", () => removed(this));
    this.part("photo").addEventListener("click", () => this.send("", 1));
    this.part("compose-row").addEventListener("submit", (event) => {
      event.preventDefault();
      this.sendTyped();
    });
    this.composer.addEventListener("keydown", (event) => {
      // while an input method is composing, Enter chooses a word
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.sendTyped();
    });
    this.composer.addEventListener("input", () => this.fitComposer());
    this.part("fail").addEventListener("change", (event) => this.addFault(event.target));
    this.drawLock();
    this.drawCost();
  }

  focus() {
    this.composer.focus({ preventScroll: true });
  }

  empty() {
    this.bubbles.clear();
    this.messages.clear();
    this.thread.replaceChildren();
    this.drawLock();
    this.drawCost();
  }

  async sendTyped() {
    const text = this.composer.value;
    if (!text.trim()) return;
    this.composer.value = "";
    this.fitComposer();
    this.scroll();
    if (!(await this.send(text))) this.composer.value ||= text;
  }

  async send(body, media = 0) {
    let taken = false;
    try {
      taken = await post("/simulator/texts", { from: this.number, channel: this.channel, body, media });
    } catch { /* the poll shows that the simulator is gone */ }
    this.changed();
    return taken;
  }

  async addFault(select) {
    const kind = select.value;
    select.value = "";
    if (kind) await post("/simulator/faults", { kind, times: 1, to: this.address });
    this.changed();
  }

  /** What the poll brought: new and changed messages, who opted out, which faults wait. */
  take(news) {
    const stick = this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight < NEAR_END;
    let any = false;
    for (const message of news.messages) {
      if (message.phone !== this.address) continue;
      any = true;
      this.messages.set(message.sid, message);
      const known = this.bubbles.get(message.sid);
      if (known) fillMessage(known, message);
      else this.insert(message);
    }
    this.part("head-bot").textContent = readable(news.number);
    this.thread.dataset.empty = `Write to ${readable(news.number)}, in any language.`;
    this.part("stopped").hidden = !news.stopped.includes(this.address);
    this.drawFaults(news.faults, news.kinds);
    this.drawLock(news.number);
    if (!any) return;
    this.drawCost();
    if (stick) this.scroll();
  }

  insert(message) {
    const drawn = drawMessage(message);
    this.bubbles.set(message.sid, drawn);
    let later = this.thread.lastElementChild;
    // a message may be seen after a younger one: keep the order of writing
    while (later && Number(later.dataset.at) > message.created_at) later = later.previousElementSibling;
    if (later) later.after(drawn);
    else this.thread.prepend(drawn);
  }

  scroll() {
    this.thread.scrollTop = this.thread.scrollHeight;
  }

  fitComposer() {
    this.composer.style.height = "auto";
    this.composer.style.height = `${this.composer.scrollHeight + 2}px`;
  }

  /** The newest text that reached the phone, as a stranger reads it over a shoulder. */
  drawLock(from = "") {
    this.part("lock-time").textContent = shortTime(Date.now() / 1000);
    let last = null;
    for (const m of this.messages.values()) {
      const arrived = m.direction !== "inbound" && !["failed", "undelivered", "queued", "accepted"].includes(m.status);
      if (arrived && (!last || m.created_at >= last.created_at)) last = m;
    }
    this.part("note").classList.toggle("quiet-note", !last);
    this.part("note-from").textContent = readable(from);
    this.part("note-time").textContent = last ? shortTime(last.created_at) : "";
    const text = last ? last.body : "No notifications";
    if (this.part("note-text").textContent !== text) this.part("note-text").textContent = text;
  }

  drawCost() {
    if (this.channel !== "sms") {
      this.part("cost").textContent = "No segments on WhatsApp";
      return;
    }
    let segments = 0;
    let dollars = 0;
    for (const m of this.messages.values()) {
      if (!m.direction.startsWith("outbound")) continue;
      segments += m.num_segments;
      dollars += m.price_estimate ?? 0;
    }
    const cost = this.part("cost");
    cost.textContent = segments ? `${segments} segment${segments === 1 ? "" : "s"}, about $${dollars.toFixed(3)}` : "";
    cost.title = "Estimate: US outbound SMS, $0.0083 a segment, without carrier fees";
  }

  drawFaults(faults, kinds) {
    const select = this.part("fail");
    if (select.options.length === 1) {
      for (const [kind, words] of Object.entries(kinds)) select.add(new Option(`${kind.replace(/_/g, " ")}: ${words}`, kind));
    }
    const waiting = faults.filter((f) => f.to === null || f.to === this.address);
    const key = JSON.stringify(waiting);
    if (this.faultsShown === key) return;
    this.faultsShown = key;
    this.part("faults").replaceChildren(...waiting.slice(0, 2).map((fault) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "fault";
      chip.dataset.test = "fault";
      chip.title = `Waiting: ${kinds[fault.kind]}. Click to forget all faults.`;
      chip.textContent = fault.kind.replace(/_/g, " ") + (fault.times > 1 ? ` ×${fault.times}` : "");
      chip.addEventListener("click", async () => {
        await fetch("/simulator/faults", { method: "DELETE" });
        this.changed();
      });
      return chip;
    }));
  }
}
