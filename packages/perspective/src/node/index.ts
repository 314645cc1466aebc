export { readScoresFile, writeScoresFile } from "@bridgewise/core/node";
