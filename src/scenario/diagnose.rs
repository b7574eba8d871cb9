//! Findings about a scenario: what is wrong, where, and what to type instead.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};

use super::model::Span;
use super::source::Sources;

/// Whether a finding stops the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario has no meaning as it stands.
    Error,
    /// It has one, though perhaps not the one intended.
    Warning,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the program.
    pub severity: Severity,
    /// Where; `None` when no place in a file is to blame.
    pub span: Option<Span>,
    /// What is wrong, in a sentence that names the table.
    pub title: String,
    /// What to say beside the marked place.
    pub label: String,
    /// What to type instead.
    pub help: Option<String>,
    /// The id of the lint rule that found it.
    pub rule: Option<&'static str>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(span: Span, title: impl Into<String>) -> Self {
        let (title, label) = (title.into(), String::new());
        Self { severity: Severity::Error, span: Some(span), title, label, help: None, rule: None }
    }

    /// A warning at a place.
    pub fn warning(span: Span, title: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, title) }
    }

    /// With something to say beside the marked place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// With what to type instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// As found by a lint rule.
    #[must_use]
    pub(crate) fn rule(self, id: &'static str) -> Self {
        Self { rule: Some(id), ..self }
    }

    /// With what to type instead, if anything is known.
    #[must_use]
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    pub(crate) fn nowhere(title: impl Into<String>) -> Self {
        Self { span: None, ..Self::error(0..0, title) }
    }
}

/// All findings about one scenario, with the files they point into.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    sources: Sources,
}

/// So many findings are shown; a file with thousands of mistakes has one cause.
const MOST_SHOWN: usize = 50;

impl Diagnostics {
    /// Orders findings by severity, then place, and drops repetitions.
    pub(crate) fn new(mut list: Vec<Diagnostic>, sources: Sources) -> Self {
        list.sort_by_key(|d| (d.severity, d.span.as_ref().map(|s| (s.start, s.end))));
        list.dedup();
        Self { list, sources }
    }

    /// The findings: errors first, each kind in the order of the files.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The files the spans point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The findings as text for a terminal, with colours if asked for.
    #[must_use]
    pub fn render(&self, colours: bool) -> String {
        let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
        let mut texts: Vec<_> =
            self.list.iter().take(MOST_SHOWN).map(|d| render(d, &self.sources, &renderer)).collect();
        if self.list.len() > MOST_SHOWN {
            texts.push(format!("... and {} more", self.list.len() - MOST_SHOWN));
        }
        texts.join("\n\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

fn render(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut title = level.primary_title(normalize_untrusted_str(&diagnostic.title));
    if let Some(rule) = diagnostic.rule {
        title = title.id(rule);
    }
    let mut group = annotate_snippets::Group::with_title(title);
    let excerpt = diagnostic.span.as_ref().and_then(|span| Some((span, sources.excerpt(span)?)));
    if let Some((span, (text, line, local))) = excerpt {
        let file = sources.place(span).file;
        // An option of the command line lies in no folder.
        let name = if file.starts_with("--") { file } else { format!("{}{file}", sources.prefix()) };
        let annotation =
            AnnotationKind::Primary.span(local).label(normalize_untrusted_str(&diagnostic.label));
        group = group.element(
            Snippet::source(text)
                .line_start(line)
                .path(normalize_untrusted_str(&name))
                .annotation(annotation),
        );
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    renderer.render(&[group])
}

/// Collects findings while a scenario is checked.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

/// So many findings of each kind are kept; a file of nothing but mistakes must not fill the memory.
const MOST_KEPT: usize = 1000;

impl Findings {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let list = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if list.len() < MOST_KEPT {
            list.push(diagnostic);
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(crate) fn into_list(self) -> Vec<Diagnostic> {
        self.errors.into_iter().chain(self.warnings).collect()
    }
}
