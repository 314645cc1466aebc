// The command from source, for tests that run it as a process.
import { run } from "../src/main.ts";

run();
