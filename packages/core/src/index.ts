export * from "./frame/frame.ts";
export * from "./input-error.ts";
export * from "./model/model.ts";
export * from "./model/prior.ts";
export * from "./posterior/index.ts";
export * from "./run/index.ts";
