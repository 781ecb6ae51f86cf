// Property tests draw the same cases on every machine. FUZZ_SEED=7 npm test draws others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 2025) });
