/**
 * Lets Node.js find modules as a page does, which has the library's widgets and those of the book
 * side by side: what is not beside a module of the book is the library's.
 */
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

/** @param {string} name @param {{parentURL?: string}} context
 * @param {(name: string, context: object) => Promise<{url: string}>} next */
export async function resolve(name, context, next) {
  try {
    return await next(name, context);
  } catch (error) {
    const parentURL = context.parentURL?.replace("/book/widgets/", "/fpkit/widgets/");
    if (parentURL === context.parentURL) throw error;
    return next(name, { ...context, parentURL });
  }
}

if (isMainThread) register(import.meta.url); // Node.js runs hooks in a thread of their own
