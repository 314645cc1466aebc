import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Inter (SIL Open Font License 1.1) in the two weights of the figures. */
export const FACE = "Inter";
export const fontFiles = (): readonly [regular: string, semibold: string] => [
  require.resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"),
  require.resolve("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"),
];
