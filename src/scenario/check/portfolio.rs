//! A scenario: one investment, or the investments a portfolio includes, which must agree on what they share.

use std::collections::BTreeMap;

use super::budgets::budgets;
use super::investment::{Checked, Head, head, investment};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::files::TreePath;
use crate::scenario::model::{Budget, Currency, Event, Factor, Investment, Party, Scenario, Span};
use crate::scenario::name::{Id, Name};
use crate::scenario::overlay::Reader;
use crate::scenario::raw::{Item, Table, Value};
use crate::scenario::read::{Field, Fields};
use crate::scenario::register::Register;
use crate::scenario::source::MOST_FILES;
use crate::scenario::words;

/// Reads and checks a scenario from its root file. `None` after an error.
pub(crate) fn scenario(reader: &mut Reader<'_>) -> Option<Scenario> {
    let root = reader.files.root();
    let mut tree = reader.tree(&root, None)?;
    reader.put_sets(&mut tree, true);
    let mut shared = Shared::default();
    if tree.get("portfolio").is_some() || tree.get("include").is_some() {
        return portfolio(reader, &root, &tree, shared);
    }
    let checked = member(reader, &root, &tree, &mut shared)?;
    let Investment { id, title, budgets, .. } = checked.investment.clone();
    let about = About {
        id,
        title,
        as_of: checked.head.as_of,
        budget_years: checked.head.budget_years.clone(),
        budgets,
    };
    shared.add(checked, &mut reader.findings);
    shared.scenario(about, reader)
}

/// Checks one investment file and registers its numbers.
fn member(reader: &mut Reader<'_>, path: &TreePath, tree: &Table, shared: &mut Shared) -> Option<Checked> {
    let span = reader.top_of(path);
    let checked = investment(tree, span, &mut reader.findings);
    let id = checked.as_ref().map(|checked| &checked.investment.id);
    let entries = reader.notes.entries(tree, id, &mut reader.findings);
    shared.register.extend(entries);
    checked
}

fn portfolio(reader: &mut Reader<'_>, root: &TreePath, tree: &Table, mut shared: Shared) -> Option<Scenario> {
    let top =
        Fields::open(tree, "the portfolio", reader.top_of(root), &words::PORTFOLIO, &mut reader.findings);
    let id = top.need("portfolio", "portfolio = \"norddjurs\"", &mut reader.findings);
    let id = id.and_then(|field| field.id(&mut reader.findings));
    let title = top.get("name").and_then(|field| field.text(&mut reader.findings)).map(str::to_owned);
    let head = head(&top, &mut reader.findings);
    let include = top.need("include", "include = [\"social-referrals.toml\"]", &mut reader.findings)?;
    check_number(&include, &mut reader.findings)?;
    let mut years = head.budget_years.clone();
    for file in include.one_or_more() {
        let Some(checked) = included(reader, root, file.item, &mut shared) else {
            if reader.sources.is_full() {
                break;
            }
            continue;
        };
        if head.budget_years.is_empty() {
            years.extend(&checked.head.budget_years);
        }
        shared.add(checked, &mut reader.findings);
    }
    let ids: Vec<String> = shared.investments.iter().map(|i| i.id.to_string()).collect();
    reader.unused_sets(&ids);
    shared.add_head(&head, &mut reader.findings);
    years.sort_unstable();
    years.dedup();
    let budgets = budgets(&top, &shared.parties, &mut reader.findings);
    let entries = reader.notes.entries(tree, None, &mut reader.findings);
    shared.register.extend(entries);
    let id = id?;
    let title = title.unwrap_or_else(|| id.to_string());
    shared.scenario(About { id, title, as_of: head.as_of, budget_years: years, budgets }, reader)
}

/// That there are files and not too many, which would each be read: `None` then.
fn check_number(include: &Field<'_>, findings: &mut Findings) -> Option<()> {
    let files = include.one_or_more().len();
    if files == 0 {
        include.error(findings, "is an empty list", "name at least one investment file");
    }
    if files <= MOST_FILES {
        return Some(());
    }
    let what = format!("names {files} files, and a scenario has at most {MOST_FILES}");
    include.error(findings, what, "run fewer contracts at a time; what runs share is drawn alike in each");
    None
}

fn included(reader: &mut Reader<'_>, root: &TreePath, item: &Item, shared: &mut Shared) -> Option<Checked> {
    if let Value::Table(_) = item.value {
        let title = "`include` with a table is not built yet";
        reader.findings.push(
            Diagnostic::error(item.span.clone(), title)
                .label("here")
                .help("nearest: the name of a file, \"youth.toml\""),
        );
        return None;
    }
    let file = reader.sources.file_of(&item.span)?;
    let path = reader.path_in(file, item, "include")?;
    let mut tree = reader.tree(&path, Some(item))?;
    reader.put_sets(&mut tree, false);
    if tree.get("include").is_some() || tree.get("portfolio").is_some() {
        refuse_portfolio(reader, root, &path, &tree, item);
        return None;
    }
    member(reader, &path, &tree, shared)
}

/// A portfolio holds investments; one that leads back to itself is said to.
fn refuse_portfolio(reader: &mut Reader<'_>, root: &TreePath, path: &TreePath, tree: &Table, item: &Item) {
    let inner = match tree.item("include").map(|item| &item.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    let back = inner.iter().any(|inner| {
        let Value::Text(text) = &inner.value else { return false };
        let file = reader.sources.file_of(&inner.span);
        file.and_then(|file| reader.sources.resolve(file, text).ok())
            .is_some_and(|found| found == *root || found == *path)
    });
    let names = (reader.sources.name_of(root), reader.sources.name_of(path));
    let error = if root == path {
        Diagnostic::error(item.span.clone(), format!("a portfolio includes itself: {0} -> {0}", names.0))
    } else if back {
        Diagnostic::error(
            item.span.clone(),
            format!("files include each other in a circle: {0} -> {1} -> {0}", names.0, names.1),
        )
    } else {
        Diagnostic::error(
            item.span.clone(),
            format!("{} is a portfolio, and a portfolio includes investments", names.1),
        )
    };
    reader.findings.push(error.label("this file").help("include its investments one by one"));
}

/// What says which scenario this is.
struct About {
    id: Id,
    title: String,
    as_of: Option<jiff::civil::Date>,
    budget_years: Vec<i16>,
    budgets: BTreeMap<Id, Budget>,
}

/// What investments have in common, gathered file by file.
#[derive(Default)]
struct Shared {
    currency: Option<(Currency, Span)>,
    parties: BTreeMap<Id, Party>,
    factors: BTreeMap<Name, Factor>,
    events: BTreeMap<Name, Event>,
    investments: Vec<Investment>,
    documents: BTreeMap<String, String>,
    register: Register,
}

impl Shared {
    fn add(&mut self, checked: Checked, findings: &mut Findings) {
        let Checked { investment, head, parties, factors, events } = checked;
        let what = format!("investment `{}`", investment.id);
        if self.investments.iter().any(|other| other.id == investment.id) {
            let title = format!("there are two investments `{}`", investment.id);
            findings.push(
                Diagnostic::error(investment.span.clone(), title)
                    .label("the second")
                    .help("give one of them another id"),
            );
        }
        self.add_head(&head, findings);
        let mut conflict = |kind: &str, name: &str, span: &Span| {
            let title =
                format!("{what} defines {kind} `{name}` otherwise than another investment of the portfolio");
            findings.push(
                Diagnostic::error(span.clone(), title)
                    .label("here")
                    .help("define it alike in both, or give it another name"),
            );
        };
        for (id, party) in parties {
            let known = self.parties.entry(id.clone()).or_insert_with(|| party.clone());
            if *known != party {
                conflict("party", id.as_str(), &investment.span);
            }
        }
        for (name, factor) in factors {
            let known = self.factors.entry(name.clone()).or_insert_with(|| factor.clone());
            if known.class != factor.class {
                conflict("factor", name.as_str(), &factor.span);
            }
        }
        for (name, event) in events {
            let known = self.events.entry(name.clone()).or_insert_with(|| event.clone());
            let same = known.chance.to_bits() == event.chance.to_bits() && known.course == event.course;
            if !same || known.loads != event.loads || known.class != event.class {
                conflict("event", name.as_str(), &event.span);
            }
        }
        self.add_documents(head.documents, &investment.id);
        self.investments.push(investment);
    }

    /// A document that another investment has of the same id gets that of its investment before it.
    fn add_documents(&mut self, documents: BTreeMap<String, String>, investment: &Id) {
        for (id, text) in documents {
            let known = self.documents.entry(id.clone()).or_insert_with(|| text.clone());
            if *known != text {
                self.documents.insert(format!("{investment}/{id}"), text);
            }
        }
    }

    fn add_head(&mut self, head: &Head, findings: &mut Findings) {
        let Some((currency, span)) = &head.currency else { return };
        let (known, _) = self.currency.get_or_insert_with(|| (currency.clone(), span.clone()));
        if known != currency {
            let title = format!("amounts are in {} and in {}", shown(known), shown(currency));
            let help = "one scenario has one currency and price level; there are no exchange rates";
            findings.push(Diagnostic::error(span.clone(), title).label("here").help(help));
        }
    }

    fn scenario(mut self, about: About, reader: &mut Reader<'_>) -> Option<Scenario> {
        self.register.sort();
        self.investments.sort_by(|a, b| a.id.cmp(&b.id));
        refuse_crossed_names(&self, &mut reader.findings);
        if reader.findings.has_errors() {
            return None;
        }
        Some(Scenario {
            id: about.id,
            title: about.title,
            currency: self.currency?.0,
            as_of: about.as_of,
            budget_years: about.budget_years,
            parties: self.parties,
            factors: self.factors,
            events: self.events,
            investments: self.investments,
            budgets: about.budgets,
            documents: self.documents,
            register: self.register,
            sources: reader.sources.clone(),
        })
    }
}

fn shown(currency: &Currency) -> String {
    currency.price_level.map_or_else(|| currency.code.clone(), |year| format!("{} of {year}", currency.code))
}

/// One file's factor must not be another's event: both are global by name.
fn refuse_crossed_names(shared: &Shared, findings: &mut Findings) {
    if shared.investments.len() < 2 {
        return;
    }
    for (name, event) in &shared.events {
        if shared.factors.contains_key(name) {
            let title = format!("`{name}` is a factor in one investment and an event in another");
            findings.push(
                Diagnostic::error(event.span.clone(), title).label("the event").help("rename one of them"),
            );
        }
    }
}
