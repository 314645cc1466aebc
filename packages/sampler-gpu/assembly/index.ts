export { combine, contract, solve } from "./collapsed";
export { demote, promote } from "./convert";
export { gatherColumns, gatherEffects, largerShares, predictColumns, predictEffects } from "./general-rows";
export { backward, forward } from "./levels";
export { kickRotate, select } from "./momentum";
export { drawMomentum } from "./normals";
export { rowsPass } from "./rows";
