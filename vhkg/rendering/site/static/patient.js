/* The Patient page with a script: each change is sent as the form would be, and only what changes is put in place.

   Nothing is kept: facts go in the body of a request, and into the address, behind its #, only when a link is opened. */

const page = document.getElementById("page");
const said = document.getElementById("said");
let latest = 0;
let running = null;
let arriving = false;

/* --- sending --- */

/* Of the picture's sizes, the one that the place has room for; empty if it is not there. */
function fitting() {
  const shown = Array.from(document.querySelectorAll("#map .map-picture")).find((each) => each.getClientRects().length);
  return shown ? (shown.classList.contains("map-column") ? "column" : "phone") : "";
}

async function fragment(url, options, name) {
  const answer = await fetch(url, { ...options, headers: { "VHKG-Fragment": name, "VHKG-Picture": fitting(), Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function send(body, focus) {
  const number = ++latest;
  running?.abort();
  running = new AbortController();
  const whole = page.closest(".patient");
  whole.setAttribute("aria-busy", "true");
  try {
    const found = await fragment("/", { method: "POST", body, signal: running.signal }, "answer");
    if (number === latest) found.getElementById("bar") ? put(found, focus) : complain(found.querySelector(".notice")?.textContent);
  } catch (error) {
    if (number === latest && error.name !== "AbortError") complain("The service does not answer; try again.");
  } finally {
    if (number === latest) {
      whole.setAttribute("aria-busy", "false");
      usable();
    }
  }
}

function form(extra = {}) {
  const body = new FormData(page);
  body.delete("file");
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return body;
}

function complain(text) {
  const shown = document.createElement("p");
  shown.className = "error";
  shown.setAttribute("role", "alert");
  shown.textContent = text || "The service could not answer; load the page again.";
  document.getElementById("messages").prepend(shown);
}

/* --- putting in place --- */

/* Nodes that stay the same stay: with them the focus, what is open, and most of the browser's work. */
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const alike = old.nodeType === Node.ELEMENT_NODE && old.nodeName === fresh.nodeName && old.id === fresh.id;
  if (!alike || old.childNodes.length !== fresh.childNodes.length || !old.childNodes.length) {
    old.replaceWith(document.importNode(fresh, true));
    return;
  }
  for (const { name } of Array.from(old.attributes)) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  Array.from(old.childNodes).forEach((each, place) => patch(each, fresh.childNodes[place]));
}

function put(found, focus) {
  const open = new Set(Array.from(document.querySelectorAll("details[open][id]"), (each) => each.id));
  const held = focus || document.activeElement?.id || "";
  for (const fresh of Array.from(found.body.children)) {
    const old = document.getElementById(fresh.id);
    if (old) patch(old, fresh);
  }
  for (const each of document.querySelectorAll(".middle details[id], .algorithm details[id]")) if (open.has(each.id)) each.open = true;
  settle();
  const undo = document.getElementById("undo");
  const target = (held && document.getElementById(held)) || (focus && undo);
  if (target && target !== document.activeElement) target.focus({ preventScroll: true });
  const bar = document.getElementById("bar").textContent.replace(/\s+/g, " ").trim();
  const text = document.getElementById("undo-text")?.textContent ?? "";
  said.textContent = [text, bar].filter(Boolean).join(" ");
}

/* No row can be changed while there is no record to change, or while a file or a link is on its way. */
function usable(waiting = false) {
  arriving = waiting;
  page.querySelector("fieldset.all").disabled = arriving || Boolean(document.querySelector("#head table, #head .violations"));
}

/* The rows follow what the answer rests on: after a file, a link, a click on a question, an undo. */
function settle() {
  usable();
  for (const note of page.querySelectorAll(".marks[data-finding]")) {
    const name = note.dataset.finding;
    for (const radio of page.elements[`f.${name}`]) radio.checked = radio.value === note.dataset.status;
    const date = page.elements[`d.${name}`];
    if (date !== document.activeElement) date.value = note.dataset.date;
    remember(name);
  }
}

/* --- rows: what each was, so that a change can be undone --- */

const before = new Map();

function now(name) {
  const checked = Array.from(page.elements[`f.${name}`]).find((radio) => radio.checked);
  if (!checked) return "~";
  const date = page.elements[`d.${name}`].value;
  return checked.value && date ? `${checked.value}@${date}` : checked.value;
}

function remember(name) {
  before.set(name, now(name));
}

page.addEventListener("change", (event) => {
  const field = event.target;
  if (arriving) return;
  if (field.name === "file") {
    if (field.files.length) drop(field.files[0]);
    field.value = "";
    return;
  }
  const name = /^[fd]\.(.+)$/.exec(field.name)?.[1];
  send(form(name ? { was: `${name}=${before.get(name)}` } : {}));
});

page.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name === "download") return;
  event.preventDefault();
  if (arriving) return;
  const extra = button?.name ? { [button.name]: button.value } : {};
  send(form(extra), button?.name === "set" || button?.name === "read" ? button.id : "");
});

/* --- a file --- */

function drop(file) {
  const body = form();
  body.set("file", file, file.name);
  usable(true);
  send(body);
}

let depth = 0;
const carries = (event) => Array.from(event.dataTransfer?.types ?? []).includes("Files");
const dropping = (on) => document.documentElement.classList.toggle("is-dropping", on);
addEventListener("dragenter", (event) => carries(event) && dropping(++depth > 0));
addEventListener("dragleave", (event) => carries(event) && dropping(--depth > 0));
addEventListener("dragover", (event) => carries(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  dropping((depth = 0) > 0);
  const file = event.dataTransfer.files[0];
  if (file && page) drop(file);
});

/* --- the picture: what a preview would change lights up; a click on a gate sets the fact --- */

let shining = "";

function light(names) {
  if (names.join() === shining && (!shining || document.querySelector(".map .is-lit"))) return;
  shining = names.join();
  for (const each of document.querySelectorAll(".map .is-lit")) each.classList.remove("is-lit");
  for (const name of names)
    for (const each of document.querySelectorAll(`.map [data-recommendation~="${CSS.escape(name)}"]`)) each.classList.add("is-lit");
  const beside = document.getElementById("map");
  const first = Array.from(beside?.querySelectorAll("svg .is-lit") ?? []).find((each) => each.getClientRects().length);
  if (!first || beside.scrollHeight <= beside.clientHeight) return; // it does not scroll by itself
  const [place, frame] = [first.getBoundingClientRect(), beside.getBoundingClientRect()];
  if (place.top < frame.top || place.bottom > frame.bottom) beside.scrollTop += place.top - frame.top - frame.height / 4;
}

const lights = (target) => target.closest?.("[data-lights]")?.dataset.lights.split(" ").filter(Boolean) ?? [];
document.addEventListener("focusin", (event) => light(lights(event.target)));
document.addEventListener("pointerover", (event) => {
  const names = lights(event.target);
  light(names.length ? names : lights(document.activeElement)); // a page that scrolls below the pointer puts nothing out
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a");
  const wrong = link?.classList.contains("wrong");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (wrong) {
    event.preventDefault();
    report(link);
  } else if (link?.dataset.finding && link.dataset.status && page) {
    event.preventDefault();
    if (!arriving) send(form({ set: `${link.dataset.finding}=${link.dataset.status}` }), link.id);
  } else if (link?.getAttribute("href")?.startsWith("#")) {
    reveal(link.getAttribute("href"));
  }
});

/* What an address points to may stand in something closed. */
function reveal(hash) {
  const target = document.getElementById(hash.slice(1));
  for (let each = target; each; each = each.parentElement) if (each.localName === "details") each.open = true;
  target?.scrollIntoView();
}

/* --- report, copy, print --- */

async function report(link) {
  const dialog = document.getElementById("report");
  const found = await fragment(link.href, {}, "report");
  dialog.replaceChildren(...Array.from(found.body.childNodes, (each) => document.importNode(each, true)));
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(close);
  dialog.showModal();
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.href ?? source.value);
    button.textContent = "Copied";
  } catch {
    source.select?.();
    button.textContent = "Select and copy";
  }
  if (said) said.textContent = button.textContent;
  setTimeout(() => (button.textContent = label), 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (button?.dataset.copy) copy(button);
  if (button?.id === "print") print();
});

/* --- a link to a state of the page --- */

function follow() {
  const held = location.hash.slice(1);
  if (!/^[kfr]=/.test(held)) {
    reveal(location.hash);
    return;
  }
  const body = new FormData();
  body.set("link", held);
  body.set("audience", page.elements.audience.value);
  usable(true);
  send(body);
}

document.documentElement.classList.add("js");
if (page) {
  settle();
  follow();
  addEventListener("hashchange", follow);
  let resized = 0;
  addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => !arriving && document.querySelector("#map .map-picture") && !fitting() && send(form()), 150);
  });
}
