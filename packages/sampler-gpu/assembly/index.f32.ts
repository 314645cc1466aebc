export { backward, forward } from "./levels";
export { kickRotate, select } from "./momentum";
export { drawMomentum } from "./normals";
export { rowsPass } from "./rows";
