// The way out of a page that could betray a person in danger: one press of the button, or
// Escape three times. The page is blanked first, and the neutral page takes its place in the
// history, so that "back" does not return here.
const PRESSES = 3;
const WITHIN_MS = 1500;

function leave(address) {
  document.documentElement.hidden = true;
  document.title = "…";
  location.replace(address);
}

export function watchExit(root) {
  const exit = root.querySelector("[data-exit]");
  if (!exit) return;
  let presses = [];
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave(exit.href);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    presses = presses.filter((at) => event.timeStamp - at < WITHIN_MS).concat(event.timeStamp);
    if (presses.length >= PRESSES) leave(exit.href);
  });
  // a page kept by the browser's back-forward cache would show again at once
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
