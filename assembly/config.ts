/** Constants that the build sets (scripts/build-core.mjs). */

/** The tracing build: the host is called at every step and frame. In the plain build this is false and
 *  the calls are not compiled. */
// @ts-ignore: the name exists in the tracing build only
export const TRACE: bool = isDefined(CORE_TRACE);
