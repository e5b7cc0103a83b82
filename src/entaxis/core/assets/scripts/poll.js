// What is being worked out says by itself how far it is; without a script the reader loads the page again.
const EVERY_MS = 3000;

export function pollWhatWaits(root) {
  for (const box of root.querySelectorAll("[data-poll]")) later(box);
}

function later(box) {
  setTimeout(async () => {
    const answer = await fetch(box.dataset.poll, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id);
    if (!fresh) return;
    // the box itself stays, so that its changes are read aloud
    box.replaceChildren(...fresh.childNodes);
    if (fresh.dataset.poll) later(box);
  }, EVERY_MS);
}
