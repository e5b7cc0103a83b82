// Filters are folded on a phone and open beside the results on a wide screen.
export function unfoldOnWide(root) {
  if (!matchMedia("(min-width: 60rem)").matches) return;
  for (const fold of root.querySelectorAll("details[data-unfold]")) fold.open = true;
}
