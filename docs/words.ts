/**
 * Words that our code and pages do not use, with the word of the field that stands for them
 * (docs/GLOSSARY.md). `words.test.ts` reads every file of ours for them.
 */
export const replacedWords: readonly { readonly word: RegExp; readonly instead: string }[] = [
  { word: /convict/i, instead: 'detect' },
  { word: /acquit/i, instead: 'pass' },
  { word: /canar(y|ies)/i, instead: 'lying proxy, detection test' },
  { word: /\btold\b/i, instead: 'receives, observes' },
  { word: /\banew\b/i, instead: 'again' },
  { word: /\brais(e|es|ed|ing) (a|the|its|every|each)? ?clusters?\b/i, instead: 'start a cluster' },
  { word: /\bprocess(es)? ends?\b/i, instead: 'exits' },
]
