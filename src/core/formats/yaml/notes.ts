/** stub */
export function bareCiphertext(text: string): string {
  return text;
}
