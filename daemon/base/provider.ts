// The execution providers of ONNX Runtime that this program tries, the most wanted first.

export const providers = ["cuda", "webgpu", "dml", "coreml", "cpu"] as const;

export type Provider = (typeof providers)[number];
