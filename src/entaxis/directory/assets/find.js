// The search page. Everything here adds to a page that works without it.
import { askWhere } from "./find/near.js";
import { offerMap } from "./find/map.js";
import { sortByAnswers } from "./find/questions.js";

askWhere(document);
offerMap(document);
sortByAnswers(document);
