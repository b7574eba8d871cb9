//! How columns are chosen: `PARTY:FLOW:YEAR`, with an investment before it where one alone is meant.

use thiserror::Error;

use crate::engine::grid::{Cell, Flow, Grid, Pick};
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::scenario::name::Id;
use crate::scenario::suggest;

/// The most columns of a file: each takes a megabyte while it is written.
pub const MOST: usize = 200;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its name: what was asked for, with the year in place of `*`.
    pub name: String,
    /// Where it is read.
    pub(crate) cell: Cell,
    pub(crate) flow: Flow,
}

/// Why a column cannot be written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnError {
    /// Not of the form that is known.
    #[error(
        "`{0}` is no column; write PARTY:FLOW:YEAR such as `all:payment:total`, or INVESTMENT:PARTY:FLOW:YEAR; `*` as the \
         year stands for every year and the total"
    )]
    Form(String),
    /// A part that does not exist.
    #[error("`{column}` is no column: there is no {what} `{part}`; {help}")]
    Unknown {
        /// The column as written.
        column: String,
        /// What the part should be.
        what: &'static str,
        /// The part.
        part: String,
        /// What to write instead.
        help: String,
    },
    /// Too many.
    #[error("{0} columns are chosen, at most {MOST} can be; run again for the others")]
    Many(usize),
}

/// The columns that are meant, each once and in the order in which they are written.
///
/// # Errors
/// When one does not exist, or there are too many.
pub fn columns(model: &Model, wanted: &[String]) -> Result<Vec<Chosen>, ColumnError> {
    let mut found: Vec<Chosen> = Vec::new();
    for text in wanted {
        for column in (Reader { model, text }).read()? {
            if !found.contains(&column) {
                found.push(column);
            }
        }
    }
    if found.len() > MOST { Err(ColumnError::Many(found.len())) } else { Ok(found) }
}

/// Reads one text.
struct Reader<'r> {
    model: &'r Model,
    text: &'r str,
}

impl Reader<'_> {
    fn read(&self) -> Result<Vec<Chosen>, ColumnError> {
        let parts: Vec<_> = self.text.split(':').map(str::trim).collect();
        let (investment, [party, flow, year]) = match parts.as_slice() {
            [party, flow, year] => ("all", [*party, *flow, *year]),
            [investment, party, flow, year] => (*investment, [*party, *flow, *year]),
            _ => return Err(ColumnError::Form(self.text.to_owned())),
        };
        let scenario = self.model.scenario();
        let investments: Vec<_> = scenario.investments().iter().map(|one| one.id().as_str()).collect();
        let parties: Vec<_> = scenario.parties.keys().map(Id::as_str).collect();
        let flows = Flow::ALL.map(Flow::name);
        let cell = Cell {
            investment: self.pick("investment", investment, &investments)?,
            party: self.pick("party", party, &parties)?,
            year: Pick::All,
        };
        let index = self.position("flow", flow, &flows)?;
        let before = if parts.len() == 4 { format!("{investment}:") } else { String::new() };
        let chosen = |(year, pick): (String, Pick)| Chosen {
            name: format!("{before}{party}:{flow}:{year}"),
            cell: Cell { year: pick, ..cell },
            flow: Flow::ALL[index],
        };
        Ok(self.years(cell, Flow::ALL[index], year)?.into_iter().map(chosen).collect())
    }

    /// The years that are meant; `*` stands for those in which something can fall.
    fn years(&self, cell: Cell, flow: Flow, year: &str) -> Result<Vec<(String, Pick)>, ColumnError> {
        let grid: &Grid = &self.model.compiled().grid;
        let names: Vec<_> = grid.years().iter().map(ToString::to_string).collect();
        let total = ("total".to_owned(), Pick::All);
        match year {
            "total" => Ok(vec![total]),
            "*" => {
                let falls = |index: &usize| {
                    grid.figure(Cell { year: Pick::One(*index), ..cell }, flow) != Whole::ZERO
                };
                let years = (0..names.len()).filter(falls);
                let years = years.map(|index| (names[index].clone(), Pick::One(index)));
                Ok(years.chain([total]).collect())
            }
            _ => {
                let words: Vec<_> = names.iter().map(String::as_str).chain(["total", "*"]).collect();
                let index = self.position("year", year, &words)?;
                Ok(vec![(year.to_owned(), Pick::One(index))])
            }
        }
    }

    fn pick(&self, what: &'static str, part: &str, words: &[&str]) -> Result<Pick, ColumnError> {
        if part == "all" {
            return Ok(Pick::All);
        }
        let with_all: Vec<_> = words.iter().copied().chain(["all"]).collect();
        self.position(what, part, &with_all).map(Pick::One)
    }

    fn position(&self, what: &'static str, part: &str, words: &[&str]) -> Result<usize, ColumnError> {
        words.iter().position(|word| *word == part).ok_or_else(|| ColumnError::Unknown {
            column: self.text.to_owned(),
            what,
            part: part.to_owned(),
            help: suggest::help(part, words.iter().copied()).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<Vec<String>, String> {
        let model = Model::load(format!("{}/scenarios/norddjurs.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        let found = columns(&model, &texts).map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|column| column.name).collect())
    }

    #[test]
    fn a_column_is_a_party_a_flow_and_a_year() {
        let names = read(&["norddjurs:payment:total", "youth:all:earned:2028", "norddjurs:payment:total"]);
        assert_eq!(names.unwrap(), ["norddjurs:payment:total", "youth:all:earned:2028"]);
        let names = read(&["norddjurs:payment:*"]).unwrap();
        assert_eq!(names, ["2027", "2028", "2029", "total"].map(|year| format!("norddjurs:payment:{year}")));
    }

    #[test]
    fn what_does_not_exist_is_told_with_what_does() {
        let told = |text: &str| read(&[text]).unwrap_err();
        assert!(told("norddjurs").contains("PARTY:FLOW:YEAR"));
        assert!(told("nordjurs:payment:total").contains("no party `nordjurs`; did you mean `norddjurs`?"));
        assert!(told("norddjurs:pay:total").contains("did you mean `payment`?"));
        assert!(told("norddjurs:payment:1999").contains("no year `1999`; there is `2025`"));
        assert!(told("yoth:norddjurs:payment:total").contains("did you mean `youth`?"));
    }
}
