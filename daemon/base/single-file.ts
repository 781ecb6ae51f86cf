// How a model in a single file is told from a model in a folder: by its name alone.

/** Whether a model of this path is one file. */
export const isSingleFile = (path: string): boolean => /\.safetensors$/i.test(path);
