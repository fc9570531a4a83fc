// Colours for finished code blocks by the CSS Custom Highlight API: ranges over the text that is there, so the text
// itself is never touched. Where a browser lacks it, code is plain.
const RULES =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=^|\s)#(?![\da-f]{3,8}\b)[^\n]*|(?<=^|\s)--\s[^\n]*|<!--[\s\S]*?-->)|(?<string>"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<number>\b(?:0x[\da-f]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\b)|(?<keyword>\b(?:abstract|and|as|async|await|boolean|break|byte|case|catch|char|class|const|continue|def|default|del|do|double|elif|else|enum|except|export|extends|false|final|finally|float|fn|for|from|func|function|go|if|impl|implements|import|in|instanceof|int|interface|is|lambda|let|long|match|mut|new|nil|none|not|null|or|package|pass|private|protected|pub|public|raise|record|return|sealed|select|self|short|static|struct|super|switch|synchronized|this|throw|throws|trait|true|try|type|typeof|undefined|use|var|void|where|while|with|yield|SELECT|FROM|WHERE|AND|OR|NOT|INSERT|INTO|UPDATE|SET|VALUES|DELETE|CREATE|TABLE|JOIN|ON|ORDER|GROUP|BY|LIMIT|NULL|True|False|None)\b)|(?<call>\b[A-Za-z_]\w*(?=\())/gim;
const PLAIN = new Set(['', 'text', 'txt', 'plain', 'output', 'console', 'log', 'markdown', 'md']);
const MAX = 40_000;
const KINDS = ['comment', 'string', 'number', 'keyword', 'call'];

const sets = globalThis.CSS?.highlights
  ? Object.fromEntries(
      KINDS.map((kind) => {
        const set = new Highlight();
        CSS.highlights.set(`code-${kind}`, set);
        return [kind, set];
      }),
    )
  : null;

export function highlight(box) {
  if (!sets || PLAIN.has((box.dataset.language ?? '').toLowerCase())) return;
  const node = box.querySelector('code')?.firstChild;
  if (!node || node.nodeType !== 3 || node.length > MAX) return;
  for (const m of node.data.matchAll(RULES)) {
    const kind = KINDS.find((k) => m.groups[k] !== undefined);
    if (kind === 'keyword' && m[0] !== m[0].toLowerCase() && m[0] !== m[0].toUpperCase() && !/^(True|False|None)$/.test(m[0])) continue;
    const range = new Range();
    range.setStart(node, m.index);
    range.setEnd(node, m.index + m[0].length);
    sets[kind].add(range);
  }
}
