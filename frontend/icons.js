// Every drawing of the product: the sprite holds these and no more. Names are lucide's.
export const icons = [
  "archive", "bell", "mail", "arrow-down", "arrow-left", "arrow-up", "arrow-up-down", "badge-check", "ban", "calendar", "check", "check-check",
  "chevron-down", "chevron-left", "chevron-right", "chevrons-up-down", "circle", "circle-alert", "circle-check",
  "circle-dashed", "circle-minus", "circle-slash", "circle-x", "clipboard-list", "clock", "copy", "download", "ellipsis", "eye", "eye-off",
  "file", "file-text", "film", "folder", "folder-open", "folder-plus", "folder-up", "history", "image", "images", "inbox",
  "info", "keyboard", "layers", "layout-grid", "link", "list", "list-checks", "lock", "log-out", "maximize", "menu",
  "minus", "move", "music", "pause", "pencil", "pencil-line", "play", "plus", "refresh-cw", "rotate-ccw", "scan-search",
  "search", "send", "settings", "shield-check", "sliders-horizontal", "square-check", "stamp", "tag", "target", "trash-2",
  "triangle-alert", "undo-2", "upload", "cloud-upload", "user", "user-plus", "user-x", "users", "volume-2", "package", "globe", "list-tree", "circle-help", "star", "calendar-clock", "palette", "building-2", "key-round", "monitor", "wifi-off", "x", "zoom-in", "zoom-out",
];
