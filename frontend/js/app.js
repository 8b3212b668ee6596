import "./swaps.js";
import "./keys.js";
import "./fields.js";
import "./own-time.js";
import "./dialogs.js";
import "./menus.js";
import "./bell.js";
import "./toasts.js";
import "./copying.js";
import "./files-left.js";
import "./disclosures.js";
import "./facets.js";
import "./asset-search.js";
import "./picture-grid.js";
import "./selection-bar.js";
import "./pager.js";
import "./neighbours.js";
import "./edit-in-place.js";
import "./deep-zoom.js";
import "./gantt-chart.js";
import "./task-board.js";

// Whoever signs in here next does not find what the last person had selected.
if (document.querySelector(".sign-in")) sessionStorage.clear();
if (document.querySelector("upload-queue")) import("./upload-queue/element.js");
