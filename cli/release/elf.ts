/** Offsets in the header of a 64-bit ELF file, little-endian, and in an entry of its program header table. */
const HEADER = { programs: 32, sections: 40, programSize: 54, programCount: 56, sectionSize: 58 } as const;
const PROGRAM = { offset: 8, fileSize: 32 } as const;

/** Whether these bytes are a 64-bit program or shared library of Linux. */
export function isElf(data: Buffer): boolean {
  return data.subarray(0, 6).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]));
}

/**
 * A program or library without what only a debugger reads: names of functions that nobody links to, and the table of
 * sections. All that is loaded stays, byte for byte, and what is not loaded lies behind it.
 */
export function withoutSymbols(elf: Buffer): Buffer {
  const table = Number(elf.readBigUInt64LE(HEADER.programs));
  const size = elf.readUInt16LE(HEADER.programSize);
  let end = 0;
  for (let index = 0; index < elf.readUInt16LE(HEADER.programCount); index++) {
    const entry = table + index * size;
    const offset = Number(elf.readBigUInt64LE(entry + PROGRAM.offset));
    end = Math.max(end, offset + Number(elf.readBigUInt64LE(entry + PROGRAM.fileSize)));
  }
  const loaded = Buffer.from(elf.subarray(0, end));
  loaded.writeBigUInt64LE(0n, HEADER.sections);
  // Size of an entry, their count, and which of them has the names: none.
  loaded.fill(0, HEADER.sectionSize, HEADER.sectionSize + 6);
  return loaded;
}
