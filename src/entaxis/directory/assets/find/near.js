// "Near me": the position is asked for only when the person presses the button, is rounded to
// about a hundred metres, and travels in the body of the form, never in an address.
const DECIMALS = 3;

export function askWhere(root) {
  const button = root.querySelector("[data-near]");
  const form = root.querySelector("#find");
  if (!button || !form || !navigator.geolocation) return;
  const note = root.querySelector("[data-near-note]");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(form, "lat", coords.latitude.toFixed(DECIMALS));
        put(form, "lon", coords.longitude.toFixed(DECIMALS));
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        note.hidden = false;
        note.textContent = button.dataset.failed;
      },
      { maximumAge: 60_000, timeout: 15_000 },
    );
  });
}

function put(form, name, value) {
  let input = form.querySelector(`input[name="${name}"]`);
  if (!input) {
    input = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(input);
  }
  input.value = value;
}
