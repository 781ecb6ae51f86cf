// Whatever was thrown → a JSON-RPC error. The only place where failures get numbers.
import { ErrorCodes, ResponseError } from "vscode-jsonrpc";
import type { ZodError } from "zod";
import { Failure, programDefect } from "../base/failure.ts";
import { failedRequest } from "../protocol/methods.ts";

/** `data.code` is the failure's stable name. A defect's stack goes to `log` and to nobody else. */
export function toResponseError(
  error: unknown,
  log: (line: string) => void,
): ResponseError<{ readonly code: string }> {
  if (error instanceof Failure) return respond(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`defect: ${stack}`);
  return respond(programDefect(stack));
}

function respond({ message, code }: Failure): ResponseError<{ readonly code: string }> {
  return new ResponseError(failedRequest, message, { code });
}

/** The first thing that is wrong with a request. Holds none of its values, which may be a prompt. */
export function invalidParams(method: string, error: ZodError): ResponseError<void> {
  const [issue] = error.issues;
  const where = issue?.path.join(".") || "the parameters";
  return new ResponseError(
    ErrorCodes.InvalidParams,
    `${method}: ${where} must be as docs/protocol.md says, got "${issue?.message ?? "something else"}"; correct the request`,
  );
}
