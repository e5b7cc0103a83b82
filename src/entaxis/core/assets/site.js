// What every page may use. Nothing here is needed to read or to send anything.
import { watchExit } from "./scripts/exit.js";
import { unfoldOnWide } from "./scripts/unfold.js";
import { pollWhatWaits } from "./scripts/poll.js";
import { printButtons } from "./scripts/print.js";

watchExit(document);
unfoldOnWide(document);
printButtons(document);
pollWhatWaits(document);
