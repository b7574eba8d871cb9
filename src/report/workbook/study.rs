//! Workbooks of studies: what the study says with the numbers behind it, and every figure of its CSV file.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::formats::{Formats, Weight};
use super::paper::{Paper, Value};
use crate::report::ReportError;
use crate::report::html::names::prose;
use crate::report::html::study::Heading;
use crate::report::study::{Item, Number, Piece, Table};
use crate::report::text::Language;

/// Widths of the columns of names, and of one of numbers, in letters.
const NAMES: [f64; 2] = [40.0, 26.0];
const NUMBERS: f64 = 16.0;

/// Makes the workbook of a study from its pieces and its CSV file in the plain marks.
///
/// # Errors
/// When it does not fit a spreadsheet.
pub(in crate::report) fn workbook(
    heading: &Heading,
    pieces: &[Piece],
    csv: &[u8],
    language: Language,
) -> Result<Vec<u8>, ReportError> {
    let formats = Formats::new(language);
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let author = format!("udfald {}", env!("CARGO_PKG_VERSION"));
    let properties = DocProperties::new().set_title(heading.title.as_str()).set_author(author);
    workbook.set_properties(&properties.set_creation_datetime(&made));
    workbook.push_worksheet(told(heading, pieces, &formats, language)?);
    workbook.push_worksheet(all_figures(csv, &formats, language)?);
    Ok(workbook.save_to_buffer()?)
}

/// The columns that the pieces need.
pub(super) fn widths(pieces: &[Piece]) -> Vec<f64> {
    let tables =
        || pieces.iter().filter_map(|piece| if let Piece::Table(table) = piece { Some(table) } else { None });
    let columns = tables().map(|table| table.head.len()).max().unwrap_or(0).max(6);
    (0..columns).map(|column| NAMES.get(column).copied().unwrap_or(NUMBERS)).collect()
}

fn told(
    heading: &Heading,
    pieces: &[Piece],
    formats: &Formats,
    language: Language,
) -> Result<Worksheet, ReportError> {
    let mut paper = Paper::new(&language.workbook().summary(), &widths(pieces), formats)?;
    paper.title(&heading.title, &[heading.kind.as_str(), heading.about.as_str()].join(", "))?;
    write(&mut paper, pieces)?;
    Ok(paper.finish()?)
}

/// Writes pieces one below the other.
pub(super) fn write(paper: &mut Paper<'_>, pieces: &[Piece]) -> Result<(), XlsxError> {
    for piece in pieces {
        match piece {
            Piece::Section(text) => {
                paper.skip();
                paper.heading(&prose(text))?;
            }
            Piece::Title(text) | Piece::Paragraph(text) => paper.prose(&prose(text))?,
            Piece::Ranked(sentences) => {
                for (place, sentence) in sentences.iter().enumerate() {
                    paper.prose(&format!("{}. {}", place + 1, prose(sentence)))?;
                }
            }
            Piece::Listed(sentences) => {
                sentences.iter().try_for_each(|sentence| paper.prose(&prose(sentence)))?;
            }
            Piece::Table(table) => rows(paper, table)?,
            Piece::Picture(_) => {}
            Piece::Gap => paper.skip(),
        }
    }
    Ok(())
}

fn rows(paper: &mut Paper<'_>, table: &Table) -> Result<(), XlsxError> {
    paper.head(&table.head, table.first_number)?;
    for row in table.filled() {
        let cells = row.iter().enumerate();
        let values = cells.map(|(column, item)| value(item, column < table.first_number));
        paper.row(&values.collect::<Vec<_>>(), Weight::Plain)?;
    }
    Ok(())
}

fn value(item: &Item, is_name: bool) -> Value {
    match item.number {
        Some(Number::Money(ore)) => Value::Money(ore),
        Some(Number::Thousands(ore)) => Value::Thousands(ore),
        Some(Number::Share(share)) => Value::Share(share),
        Some(Number::Plain(number)) => Value::Plain(number),
        None if item.text.is_empty() => Value::Blank,
        None if is_name => Value::year_or(&prose(&item.text)),
        None => Value::Figures(prose(&item.text)),
    }
}

/// The CSV file with its numbers as numbers.
fn all_figures(csv: &[u8], formats: &Formats, language: Language) -> Result<Worksheet, ReportError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    let mut records = reader.records();
    let head: Vec<String> = match records.next() {
        Some(record) => record?.iter().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let widths: Vec<f64> = head.iter().map(|name| if name == "item" { 36.0 } else { 18.0 }).collect();
    let mut paper = Paper::new(&language.study().all_figures(), &widths, formats)?;
    let row = paper.head(&head, head.len())?;
    for record in records {
        let record = record?;
        let cells = head.iter().zip(record.iter());
        let year = |name: &str, cell: &str| (name == "year").then(|| Value::year_or(cell));
        let values: Vec<_> =
            cells.map(|(name, cell)| year(name, cell).unwrap_or_else(|| figure(cell))).collect();
        paper.row(&values, Weight::Plain)?;
    }
    paper.filter(row)?;
    paper.keep_head(row, 0)?;
    Ok(paper.finish()?)
}

fn figure(text: &str) -> Value {
    match text.parse::<f64>() {
        // `inf` and `nan` are names here.
        Ok(number) if number.is_finite() => Value::Written(number),
        _ if text.is_empty() => Value::Blank,
        _ => Value::Text(prose(text)),
    }
}
