export { backward, forward } from "./levels";
export { drawMomentum, kickRotate, select } from "./momentum";
export { rowsPass } from "./rows";
