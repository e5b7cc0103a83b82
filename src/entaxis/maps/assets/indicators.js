// The map of an indicator. Everything here adds to a page that works without it.
import { offerLayers } from "./indicators/layers.js";
import { slideThroughYears } from "./indicators/years.js";

offerLayers(document);
slideThroughYears(document);
