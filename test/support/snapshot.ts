export function expectSnapshot() {}
