//! What the loader can say, read from its source: the titles of all findings, as patterns.

use std::path::{Path, PathBuf};

/// A place in the source that reports something, and what it can say there.
pub struct Site {
    pub place: String,
    pub titles: Vec<Pattern>,
}

/// A title with holes.
pub struct Pattern {
    parts: Vec<String>,
    /// Whether words that name the thing stand before it.
    behind: bool,
}

/// Titles that are not written where they are reported: the argument, and what it can be.
const ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "check/mod.rs: error.to_string()",
        &["`{}` is a reserved word", "`{}` is not an id: {}", "`{}` is not a name: {}"],
    ),
    (
        "overlay.rs: error.to_string()",
        &[
            "there is no file `{}`",
            "`{}` is a folder, not a scenario file",
            "`{}` is empty",
            "`{}` is not a relative path {}",
        ],
    ),
    ("check/cohort.rs: title", &["a group cannot be called `enrolled`"]),
    (
        "check/persons.rs: title",
        &[
            "`alike` in the cohort has no effect: {}",
            "the cohort does not say how far the same people do well {}",
        ],
    ),
    (
        "raw.rs: title",
        &[
            "`{}` is not a number that a scenario can use",
            "numbers are written in base ten",
            "this number has more than 30 digits",
        ],
    ),
];

impl Pattern {
    fn new(literal: &str, behind: bool) -> Self {
        let mut parts = vec![String::new()];
        let mut inside = false;
        for c in literal.chars() {
            match c {
                '{' => inside = true,
                '}' => {
                    inside = false;
                    parts.push(String::new());
                }
                c if !inside => parts.last_mut().unwrap().push(c),
                _ => {}
            }
        }
        Self { parts, behind }
    }

    /// Whether a title is one of this pattern.
    pub fn fits(&self, title: &str) -> bool {
        let (first, last) = (&self.parts[0], &self.parts[self.parts.len() - 1]);
        let Some(mut rest) = (if self.behind {
            title.find(first.as_str()).map(|at| &title[at + first.len()..])
        } else {
            title.strip_prefix(first.as_str())
        }) else {
            return false;
        };
        for part in &self.parts[1..] {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.is_empty() || (last.is_empty() && self.parts.len() > 1)
    }

    /// Whether it is a helper's that passes on what others say.
    fn is_passed_on(&self) -> bool {
        self.parts.iter().flat_map(|part| part.chars()).filter(|c| c.is_alphabetic()).count() < 3
    }

    pub fn shown(&self) -> String {
        self.parts.join("{}")
    }
}

/// Every place in the source of the loader that reports something.
pub fn sites() -> Vec<Site> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenario");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    files.iter().flat_map(|file| of_file(&root, file)).collect()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("tests") => {}
            true => sources(&path, files),
            false => files.push(path),
        }
    }
}

fn of_file(root: &Path, file: &Path) -> Vec<Site> {
    let text = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let mut sites = Vec::new();
    for (call, behind) in
        [("Diagnostic::error(", false), ("Diagnostic::warning(", false), (".error(", true), (".lacks(", true)]
    {
        for (at, _) in text.match_indices(call) {
            let arguments = arguments(&text[at + call.len()..]);
            let reports = !behind || arguments.first().is_some_and(|first| first == "findings");
            let Some(title) = arguments.get(1).filter(|_| reports) else { continue };
            // Helpers that readers call pass on what they are given; what a sweep sets stands in no file.
            if (name == "read/mod.rs" && title == "title") || name == "set.rs" {
                continue;
            }
            let line = text[..at].lines().count();
            let titles = titles(&text[..at], &name, title, behind);
            if !titles.is_empty() && titles.iter().all(Pattern::is_passed_on) {
                continue;
            }
            sites.push(Site { place: format!("src/scenario/{name}:{line}: {title}"), titles });
        }
    }
    sites
}

fn titles(before: &str, name: &str, title: &str, behind: bool) -> Vec<Pattern> {
    let patterns = |literals: Vec<String>| literals.iter().map(|l| Pattern::new(l, behind)).collect();
    let own = said(title);
    if !own.is_empty() {
        return patterns(own);
    }
    let word: String = title.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let function = &before[before.rfind("fn ").unwrap_or(0)..];
    let statement = [format!("let {word} ="), format!("let Some({word}) =")]
        .iter()
        .find_map(|begins| function.rfind(begins));
    if let Some(at) = statement {
        return patterns(said(
            function[at..].split_once('=').map_or("", |(_, value)| value).split(";\n").next().unwrap_or(""),
        ));
    }
    let known = ELSEWHERE.iter().find(|(at, _)| *at == format!("{name}: {title}"));
    patterns(
        known.map_or_else(Vec::new, |(_, titles)| titles.iter().map(|title| (*title).to_owned()).collect()),
    )
}

/// What an expression can say: a format its first text, a choice each of its texts.
fn said(code: &str) -> Vec<String> {
    let mut found = literals(code);
    if code.trim_start_matches(['&', ' ', '\n']).starts_with("format") {
        found.truncate(1);
    }
    found
}

/// The arguments of a call, from behind its parenthesis.
fn arguments(text: &str) -> Vec<String> {
    let (mut found, mut depth) = (vec![String::new()], 0);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        let last = found.last_mut().unwrap();
        last.push(c);
        if c == '"' {
            while let Some(inside) = chars.next() {
                last.push(inside);
                match inside {
                    '\\' => last.extend(chars.next()),
                    '"' => break,
                    _ => {}
                }
            }
        }
    }
    found.iter().map(|argument| argument.trim().to_owned()).filter(|argument| !argument.is_empty()).collect()
}

/// The texts in quotes, as the program says them.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(inside) = chars.next() {
            match inside {
                '"' => break,
                '\\' => match chars.next() {
                    Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                c => text.push(c),
            }
        }
        found.push(text);
    }
    found
}
