export { type RunContents, type RunFolder, readRunFolder, writeRunFolder } from "./run-folder.ts";
