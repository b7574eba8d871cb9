//! Every number of the scenario with its source.

use super::{Builder, section};
use crate::report::html::names::{prose, shown};
use crate::report::html::view::{Block, Group, Row, Section, Table};
use crate::scenario::register::{Class, Entry};

/// What a reader should doubt comes first.
pub(in crate::report) const ORDER: [Class; 4] = [Class::None, Class::Assumed, Class::Derived, Class::Stated];

impl Builder<'_> {
    pub(super) fn register(&self) -> Section {
        let scenario = self.axes.scenario;
        let mut blocks = vec![Block::Paragraph(self.words.register_order())];
        let shared = self.register_table(&self.words.shared_numbers(), |entry| entry.investment.is_none());
        let tables = scenario.investments.iter().map(|investment| {
            self.register_table(&shown(&investment.title), |entry| {
                entry.investment.as_ref() == Some(&investment.id)
            })
        });
        let tables = std::iter::once(shared).chain(tables).filter(|table| !table.groups.is_empty());
        blocks.extend(tables.map(Block::Table));
        if !scenario.documents.is_empty() {
            blocks.push(Block::Heading(self.words.documents()));
            let line = |(id, text): (&String, &String)| format!("{}: {}", shown(id), prose(text));
            blocks.push(Block::List(scenario.documents.iter().map(line).collect()));
        }
        section("register", self.words.register(), if blocks.len() > 1 { blocks } else { Vec::new() })
    }

    fn register_table(&self, name: &str, of: impl Fn(&Entry) -> bool) -> Table {
        let entries: Vec<_> =
            self.axes.scenario.register.entries().iter().filter(|entry| of(entry)).collect();
        let group = |class: Class| Group {
            name: self.class(class),
            rows: entries.iter().filter(|entry| entry.class == class).map(|entry| row(entry)).collect(),
        };
        Table {
            caption: self.words.register_caption(name),
            head: vec![self.words.number(), self.words.value(), self.words.source()],
            groups: ORDER.into_iter().map(group).filter(|group| !group.rows.is_empty()).collect(),
            folded: false,
            texts: true,
        }
    }

    pub(in crate::report) fn class(&self, class: Class) -> String {
        match class {
            Class::Stated => self.words.stated(),
            Class::Derived => self.words.derived(),
            Class::Assumed => self.words.assumed(),
            Class::None => self.words.unsourced(),
        }
    }
}

fn row(entry: &Entry) -> Row {
    let document = entry.cited().map(|document| format!("{}: ", shown(&document)));
    let source = format!("{}{}", document.unwrap_or_default(), prose(&entry.reason));
    Row { name: prose(&entry.path), cells: vec![prose(&entry.value), source] }
}
