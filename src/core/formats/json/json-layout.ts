/**
 * Tree to JSON text with the layout of the text that the tree was read from: whatever did not change is copied. What is
 * removed takes its comma with it; what is new follows the style of its neighbours.
 *
 * What was appended last and is removed again leaves the text as it was, byte for byte: that is how decryption gives back the
 * file that was encrypted.
 */

import type { Comment, Entry, ListNode, MapNode, Node } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { respelledLeaf } from './json-leaf.ts';
import type { JsonSource } from './json-source.ts';
import { ContainerSpan, EntrySpan, LeafSpan, skipSpace, trimSpace } from './json-source.ts';
import { quote } from './json-string.ts';
import type { JsonStyle } from './json-writer.ts';
import { checkDepth, writeNode, writtenValue } from './json-writer.ts';

/** The root key of the metadata. */
const METADATA_KEY = 'sops';

interface Frame {
  container: MapNode | ListNode;
  span: ContainerSpan;
  index: number;
  written: number;
  maps: number;
  /** Bounds of the last item that was kept; -1 while there is none. */
  previousStart: number;
  previousEnd: number;
  /** Indentation of the line that the container starts on. */
  indent: string;
  /** The first position behind the opening bracket that holds no white space. */
  first: number;
  /** The last line break before `first` and what follows it; undefined when there is none, null when not looked up. */
  lead: string | undefined | null;
}

/** Copies the source up to the places where the tree differs, and writes the difference. */
export function emitWithLayout(root: MapNode, source: JsonSource, form: Form, unit: string): string {
  return new LayoutEmitter(source, form, unit).emit(root);
}

class LayoutEmitter {
  readonly #text: string;
  readonly #source: JsonSource;
  readonly #form: Form;
  readonly #style: JsonStyle;
  readonly #pieces: string[] = [];
  #cursor = 0;

  constructor(source: JsonSource, form: Form, unit: string) {
    this.#text = source.text;
    this.#source = source;
    this.#form = form;
    this.#style = styleOf(source, unit);
  }

  emit(root: MapNode): string {
    const span = root.origin;
    if (!(span instanceof ContainerSpan)) return '';
    const stack: Frame[] = [frameOf(root, span, 0, '')];
    for (;;) {
      const frame = stack.at(-1);
      if (!frame) break;
      const item = frame.container.items[frame.index++];
      if (item === undefined) {
        this.#close(frame);
        stack.pop();
        continue;
      }
      const value = writtenValue(item, frame.container, this.#form);
      if (value === undefined) continue;
      const itemSpan = this.#spanOf(item, value, frame);
      if (itemSpan === undefined) {
        this.#insert(frame, item, value, stack.length);
        continue;
      }
      this.#keep(frame, itemSpan.start);
      frame.previousStart = itemSpan.start;
      frame.previousEnd = itemSpan.end;
      const inner = this.#value(frame, value, itemSpan, stack.length);
      if (inner) stack.push(inner);
    }
    this.#copyTo(this.#text.length);
    return this.#pieces.join('');
  }

  #copyTo(at: number): void {
    if (at <= this.#cursor) return;
    this.#pieces.push(this.#text.slice(this.#cursor, at));
    this.#cursor = at;
  }

  /** The span of an item that still stands where the source has it. */
  #spanOf(item: Entry | Node | Comment, value: Node, frame: Frame): EntrySpan | LeafSpan | ContainerSpan | undefined {
    const origin = item.kind === 'entry' ? item.origin : value.origin;
    const isKept =
      item.kind === 'entry'
        ? origin instanceof EntrySpan && origin.key === item.key
        : origin instanceof LeafSpan || origin instanceof ContainerSpan;
    if (!isKept) return undefined;
    const span = origin as EntrySpan | LeafSpan | ContainerSpan;
    const from = Math.max(frame.previousEnd, frame.span.start + 1);
    return span.source === this.#source && span.start >= from && span.end < frame.span.end ? span : undefined;
  }

  /** Copies what is between the last item written and the kept one at `start`, without what was removed there. */
  #keep(frame: Frame, start: number): void {
    const text = this.#text;
    if (frame.previousEnd >= 0) {
      const comma = trimSpace(text, start) - 1;
      if (trimSpace(text, comma) > frame.previousEnd) {
        this.#copyTo(frame.previousEnd);
        this.#cursor = comma;
      }
    } else {
      if (frame.written > 0) this.#pieces.push(',');
      if (frame.first < start) {
        this.#copyTo(frame.first);
        this.#cursor = start;
      }
    }
    frame.written++;
  }

  #value(frame: Frame, value: Node, span: EntrySpan | LeafSpan | ContainerSpan, depth: number): Frame | undefined {
    const start = span instanceof EntrySpan ? span.valueStart : span.start;
    const { origin } = value;
    const isOwn =
      (origin instanceof LeafSpan || origin instanceof ContainerSpan) &&
      origin.source === this.#source &&
      origin.start === start;
    if (value.kind === 'leaf') {
      const leafSpan = isOwn && origin instanceof LeafSpan ? origin : undefined;
      const replacement = respelledLeaf(value, leafSpan, this.#form, frame.maps);
      if (replacement !== undefined) this.#replace(start, span.end, replacement);
      return undefined;
    }
    if (isOwn && origin instanceof ContainerSpan) {
      checkDepth(depth + 1);
      return frameOf(value, origin, frame.maps, this.#indentOf(frame));
    }
    const pieces: string[] = [];
    this.#write(pieces, value, frame, this.#itemLead(frame) !== undefined, depth);
    this.#replace(start, span.end, pieces.join(''));
    return undefined;
  }

  #replace(start: number, end: number, text: string): void {
    this.#copyTo(start);
    this.#pieces.push(text);
    this.#cursor = end;
  }

  #insert(frame: Frame, item: Entry | Node | Comment, value: Node, depth: number): void {
    const { span } = frame;
    this.#copyTo(frame.previousEnd >= 0 ? frame.previousEnd : span.start + 1);
    if (frame.written > 0) this.#pieces.push(',');
    const isMetadata = depth === 1 && item.kind === 'entry' && item.key === METADATA_KEY;
    const lead = this.#leadOf(frame, isMetadata);
    const isBroken = lead.includes('\n');
    this.#pieces.push(frame.written > 0 && lead === '' ? this.#gapOnOneLine(frame) : lead);
    if (item.kind === 'entry') this.#pieces.push(quote(item.key), this.#style.colon);
    this.#write(this.#pieces, value, frame, isBroken, depth);
    frame.written++;
  }

  #write(pieces: string[], value: Node, frame: Frame, isBroken: boolean, depth: number): void {
    const style = isBroken ? this.#style : { ...this.#style, eol: undefined };
    writeNode(pieces, value, this.#form, style, { indent: this.#indentOf(frame), depth, maps: frame.maps });
  }

  #close(frame: Frame): void {
    const text = this.#text;
    const { first } = frame;
    const { start, end } = frame.span;
    const isEmpty = first === end - 1;
    const tail = isEmpty ? first : trimSpace(text, end - 1);
    if (frame.previousEnd >= 0) {
      if (tail > frame.previousEnd) {
        this.#copyTo(frame.previousEnd);
        this.#cursor = tail;
      }
      return;
    }
    this.#copyTo(start + 1);
    if (frame.written === 0) {
      if (!isEmpty) this.#cursor = first === start + 1 ? tail : end - 1;
    } else if (!isEmpty) {
      this.#cursor = tail;
    } else if (first === start + 1 && this.#style.eol !== undefined) {
      this.#pieces.push(this.#style.eol, frame.indent);
    }
  }

  /** White space in front of a new item of the frame. */
  #leadOf(frame: Frame, isMetadata: boolean): string {
    const { first } = frame;
    const { start, end } = frame.span;
    if (first === end - 1) {
      // A root that holds nothing but white space keeps it behind the metadata, and so gets it back.
      if (isMetadata && first > start + 1) return '';
      return this.#style.eol === undefined ? '' : `${this.#style.eol}${frame.indent}${this.#style.unit}`;
    }
    return (
      this.#itemLead(frame) ?? (frame.written > 0 ? this.#gapOnOneLine(frame) : this.#text.slice(start + 1, first))
    );
  }

  /** Line break and indentation of the frame's items; undefined when they stand on one line. */
  #itemLead(frame: Frame): string | undefined {
    if (frame.lead === null) frame.lead = lastLine(this.#text.slice(frame.span.start + 1, frame.first));
    return frame.lead ?? lastLine(this.#gapAround(frame) ?? '');
  }

  #gapOnOneLine(frame: Frame): string {
    return this.#gapAround(frame) ?? this.#style.gap;
  }

  /** The white space behind the comma after the last kept item, or else behind the one before it. */
  #gapAround(frame: Frame): string | undefined {
    const text = this.#text;
    if (frame.previousEnd < 0) return undefined;
    const behind = skipSpace(text, frame.previousEnd);
    if (text.charCodeAt(behind) === 0x2c) return text.slice(behind + 1, skipSpace(text, behind + 1));
    const before = trimSpace(text, frame.previousStart);
    return text.charCodeAt(before - 1) === 0x2c ? text.slice(before, frame.previousStart) : undefined;
  }

  #indentOf(frame: Frame): string {
    const lead = this.#itemLead(frame);
    if (lead !== undefined) return lead.slice(lead.lastIndexOf('\n') + 1);
    return frame.first === frame.span.end - 1 ? frame.indent + this.#style.unit : frame.indent;
  }
}

function frameOf(container: MapNode | ListNode, span: ContainerSpan, maps: number, indent: string): Frame {
  return {
    container,
    span,
    index: 0,
    written: 0,
    maps: maps + (container.kind === 'map' ? 1 : 0),
    previousStart: -1,
    previousEnd: -1,
    indent,
    first: skipSpace(span.source.text, span.start + 1),
    lead: null,
  };
}

/** The last line break of white space and what follows it. */
function lastLine(space: string): string | undefined {
  const feed = space.lastIndexOf('\n');
  if (feed < 0) return undefined;
  return space.slice(space[feed - 1] === '\r' ? feed - 1 : feed);
}

/** The style of a text, for what is new in it. */
function styleOf(source: JsonSource, unit: string): JsonStyle {
  const { text, firstEntry } = source;
  const feed = text.indexOf('\n');
  const eol = feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
  if (!firstEntry) return { eol, unit, colon: ': ', gap: ' ' };
  const colon = text.slice(trimSpace(text, trimSpace(text, firstEntry.valueStart) - 1), firstEntry.valueStart);
  const isOnOneLine = feed < 0 || feed >= trimSpace(text, text.length);
  const indent = lastLine(text.slice(trimSpace(text, firstEntry.start), firstEntry.start));
  return {
    eol: isOnOneLine ? undefined : eol,
    unit: indent === undefined ? (firstIndent(text) ?? unit) : indent.slice(indent.lastIndexOf('\n') + 1),
    colon: colon.includes('\n') ? ': ' : colon,
    gap: /\s$/.test(colon) ? ' ' : '',
  };
}

function firstIndent(text: string): string | undefined {
  return /\n([ \t]+)[^\s]/.exec(text)?.[1];
}
