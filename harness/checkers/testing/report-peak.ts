/** Imported before a program: a last line on standard output has the most memory that it held, in bytes. */
process.on('exit', () => {
  process.stdout.write(`${process.resourceUsage().maxRSS * 1024}\n`)
})
