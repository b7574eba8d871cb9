//! Files to one tree: a variant laid over its base, by table, id and key, values replaced whole.

use super::diagnose::{Diagnostic, Findings};
use super::files::{Files, TreePath};
use super::model::Span;
use super::raw::{self, Item, Table, Value};
use super::register::Notes;
use super::set::Pending;
use super::source::{ReadError, Sources};
use super::suggest;
use super::words::{self, ALONE, BY_ID, Words};

/// Reads files and keeps what was learnt on the way.
pub(crate) struct Reader<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sources: Sources,
    pub(crate) notes: Notes,
    pub(crate) findings: Findings,
    /// Values to be put in place of those of the files.
    pub(crate) sets: Vec<Pending>,
}

/// More files laid over each other than this are a mistake.
const LONGEST_CHAIN: usize = 32;

impl<'a> Reader<'a> {
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        let sources = Sources::new(files);
        Self { files, sources, notes: Notes::default(), findings: Findings::default(), sets: Vec::new() }
    }

    /// The tree of a file with all its bases under it. `None` after an error.
    pub(crate) fn tree(&mut self, path: &TreePath, asked: Option<&Item>) -> Option<Table> {
        self.chained(path, asked, &mut Vec::new())
    }

    /// Where to point for what a file lacks: its beginning.
    pub(crate) fn top_of(&self, path: &TreePath) -> Span {
        let file = self.sources.number(path).unwrap_or(0);
        let offset = self.sources.offset(file);
        offset..offset
    }

    fn chained(&mut self, path: &TreePath, asked: Option<&Item>, chain: &mut Vec<usize>) -> Option<Table> {
        let file = match self.sources.read(self.files, path) {
            Ok(file) => file,
            Err(error) => {
                self.unread(&error, asked.map(|item| item.span.clone()));
                return None;
            }
        };
        if let Some(first) = chain.iter().position(|known| *known == file) {
            let names = chain[first..].iter().chain([&file]).map(|file| self.sources.name(*file));
            let chain = names.collect::<Vec<_>>().join(" -> ");
            let span = asked.map_or(0..0, |item| item.span.clone());
            self.findings.push(
                Diagnostic::error(span, format!("files are laid over each other in a circle: {chain}"))
                    .label("leads back")
                    .help("take `base` out of one of them"),
            );
            return None;
        }
        chain.push(file);
        if chain.len() > LONGEST_CHAIN {
            let span = asked.map_or(0..0, |item| item.span.clone());
            self.findings.push(
                Diagnostic::error(span, "more than 32 files are laid over each other")
                    .help("copy some together"),
            );
            return None;
        }
        let tree = self.parsed(file)?;
        self.over_base(tree, file, chain)
    }

    fn parsed(&mut self, file: usize) -> Option<Table> {
        let offset = self.sources.offset(file);
        match raw::parse(self.sources.text(file), offset, &mut self.findings) {
            Ok(mut tree) => {
                self.notes.take(&mut tree, &mut self.findings);
                Some(tree)
            }
            Err(error) => {
                self.findings.push(error);
                None
            }
        }
    }

    fn over_base(&mut self, mut tree: Table, file: usize, chain: &mut Vec<usize>) -> Option<Table> {
        let remove = tree.0.remove("remove");
        let Some(base) = tree.0.remove("base") else {
            if let Some(remove) = remove {
                let title = "`remove` takes something out of a base, and this file has no `base`";
                self.findings.push(
                    Diagnostic::error(remove.key, title).label("here").help("write `base = \"file.toml\"`"),
                );
            }
            return Some(tree);
        };
        let path = self.path_in(file, &base.item, "base")?;
        let mut below = self.chained(&path, Some(&base.item), chain)?;
        if let Some(remove) = remove {
            self.remove(&mut below, &remove.item);
        }
        merge(&mut below, tree);
        Some(below)
    }

    /// The path that a text in a file means.
    pub(crate) fn path_in(&mut self, file: usize, item: &Item, word: &str) -> Option<TreePath> {
        let Value::Text(text) = &item.value else {
            let title = format!("`{word}` must name a file, not {}", item.value.kind());
            self.findings.push(
                Diagnostic::error(item.span.clone(), title).label("this value").help("write `\"file.toml\"`"),
            );
            return None;
        };
        match self.sources.resolve(file, text) {
            Ok(path) => Some(path),
            Err(error) => {
                self.unread(&error, Some(item.span.clone()));
                None
            }
        }
    }

    fn unread(&mut self, error: &ReadError, span: Option<Span>) {
        let help = match error {
            ReadError::Missing(_, Some(near)) => Some(format!("did you mean `{near}`?")),
            ReadError::Missing(..) => Some("paths are relative to the file that names them".to_owned()),
            ReadError::Folder(_) => Some("name a file in it".to_owned()),
            ReadError::TooLarge(_) => {
                Some("a scenario is text of a few pages; is this the right file?".to_owned())
            }
            ReadError::TooMany(_) | ReadError::TooMuch(_) => {
                Some("run fewer contracts at a time; what runs share is drawn alike in each".to_owned())
            }
            ReadError::Empty(_) => Some(
                "begin with one of the scenarios that ship, `scenarios/social-referrals.toml`".to_owned(),
            ),
            ReadError::NotText(..) => Some("save it as UTF-8 in the editor".to_owned()),
            ReadError::Unsafe(_) => Some("write for example `\"../social-referrals.toml\"`".to_owned()),
            ReadError::System(..) => None,
        };
        let diagnostic = match span {
            Some(span) => Diagnostic::error(span, error.to_string()).label("named here"),
            None => Diagnostic::nowhere(error.to_string()),
        };
        self.findings.push(diagnostic.maybe_help(help));
    }

    fn remove(&mut self, below: &mut Table, remove: &Item) {
        let paths = match &remove.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(remove),
        };
        for item in paths {
            let Value::Text(path) = &item.value else {
                let title = format!("`remove` lists texts, not {}", item.value.kind());
                self.findings.push(
                    Diagnostic::error(item.span.clone(), title)
                        .label("this value")
                        .help("write `remove = [\"limit.region\"]`"),
                );
                continue;
            };
            if let Err(help) = take_out(below, path) {
                let title = format!("the base has no `{path}` to remove");
                self.findings
                    .push(Diagnostic::error(item.span.clone(), title).label("not there").maybe_help(help));
            }
        }
    }
}

/// Takes `limit.region` or `limit.region.excess` out of a tree; on failure, what there is instead.
fn take_out(tree: &mut Table, path: &str) -> Result<(), Option<String>> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let Some(rest) = rest else {
        return match tree.0.remove(head) {
            Some(_) => Ok(()),
            None => Err(suggest::help(head, tree.keys())),
        };
    };
    match tree.0.get_mut(head).map(|entry| &mut entry.item.value) {
        Some(Value::Table(inner)) => take_out(inner, rest),
        _ => Err(suggest::help(head, tree.keys())),
    }
}

/// Lays `over` on top of `below`.
fn merge(below: &mut Table, over: Table) {
    for (key, mut entry) in over.0 {
        let words = words::of_table(&key);
        if let (Some(old), Value::Table(new)) = (below.0.get_mut(&key), &mut entry.item.value)
            && let Value::Table(old) = &mut old.item.value
        {
            if BY_ID.contains(&key.as_str()) {
                merge_ids(old, std::mem::take(new), words);
                continue;
            }
            if ALONE.contains(&key.as_str()) {
                merge_keys(old, std::mem::take(new), words);
                continue;
            }
        }
        below.0.insert(key, entry);
    }
}

fn merge_ids(below: &mut Table, over: Table, words: Option<&Words>) {
    for (id, mut entry) in over.0 {
        if let (Some(old), Value::Table(new)) = (below.0.get_mut(&id), &mut entry.item.value)
            && let Value::Table(old) = &mut old.item.value
        {
            merge_keys(old, std::mem::take(new), words);
            continue;
        }
        below.0.insert(id, entry);
    }
}

fn merge_keys(below: &mut Table, over: Table, words: Option<&Words>) {
    for (key, entry) in over.0 {
        // A variant that says `value = 300` replaces the distribution of its base, whatever kind it was.
        let groups = words.map_or(&[][..], |words| words.one_of);
        for other in groups.iter().filter(|group| group.contains(&key.as_str())).copied().flatten() {
            below.0.remove(*other);
        }
        below.0.insert(key, entry);
    }
}
