//! A sheet under construction: rows of typed cells from the top down, set up to be printed on A4.

use jiff::civil::Date;
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{Chart, ExcelDateTime, Formula, Worksheet, XlsxError};

use super::formats::{Formats, Weight};

/// Letters that are written in a cell: a spreadsheet takes 32,767 units of UTF-16, two for some letters.
const LONGEST: usize = 16_000;

/// Charts that stand below more rows than this begin a side of paper.
const ROWS_BEFORE_CHARTS: u32 = 22;

/// The height of a line of text, in points.
const LINE: f64 = 15.0;

/// The most that a row can be high, in points.
const HIGHEST: f64 = 409.0;

/// The height of a row, in pixels, by which charts are placed.
pub(super) const ROW: u32 = 20;

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Blank,
    Text(String),
    /// In øre.
    Money(f64),
    /// In øre, shown in thousands of the currency.
    Thousands(f64),
    /// Text that stands among numbers.
    Figures(String),
    Share(f64),
    /// A number to three decimals.
    Plain(f64),
    /// A number in as many digits as it has.
    Written(f64),
    Count(u64),
    Year(i16),
    Day(Date),
    /// A formula that gives money, and what it gives, in øre.
    Formula(String, f64),
    /// A formula that counts, and what it gives.
    Counted(String, u64),
}

impl Value {
    /// A year, or text where it is none.
    pub(super) fn year_or(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Year)
    }
}

/// A sheet.
pub(super) struct Paper<'f> {
    sheet: Worksheet,
    formats: &'f Formats,
    next: u32,
    widths: Vec<f64>,
    printed: u32,
}

impl<'f> Paper<'f> {
    /// An empty sheet with columns of these widths, in letters.
    pub(super) fn new(name: &str, widths: &[f64], formats: &'f Formats) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false);
        for (column, width) in widths.iter().enumerate() {
            sheet.set_column_width(column as u16, *width)?;
        }
        Ok(Self { sheet, formats, next: 0, widths: widths.to_vec(), printed: 0 })
    }

    /// The next row, from 0.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    fn last_column(&self) -> u16 {
        self.widths.len().saturating_sub(1) as u16
    }

    /// What the sheet is, and of when.
    pub(super) fn title(&mut self, title: &str, about: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.next, 0, title, &self.formats.title)?;
        self.sheet.set_row_height(self.next, 24)?;
        self.sheet.write_string_with_format(self.next + 1, 0, about, &self.formats.about)?;
        self.next += 3;
        Ok(())
    }

    /// A heading above a table.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.next, 0, fitting(text), &self.formats.group)?;
        for column in 1..=self.last_column() {
            self.sheet.write_blank(self.next, column, &self.formats.group)?;
        }
        self.next += 1;
        Ok(())
    }

    /// A sentence or more, across all columns.
    pub(super) fn prose(&mut self, text: &str) -> Result<(), XlsxError> {
        let text = fitting(text);
        if self.last_column() == 0 {
            self.sheet.write_string_with_format(self.next, 0, text, &self.formats.prose)?;
        } else {
            let format = &self.formats.prose;
            self.sheet.merge_range(self.next, 0, self.next, self.last_column(), text, format)?;
        }
        // Merged cells do not find their height.
        let lines = lines_of(text, self.widths.iter().sum());
        self.sheet.set_row_height(self.next, (LINE * lines).min(HIGHEST))?;
        self.next += 1;
        Ok(())
    }

    /// The names of columns; the first `texts` of them stand over text.
    pub(super) fn head(&mut self, names: &[String], texts: usize) -> Result<u32, XlsxError> {
        let mut lines: f64 = 1.0;
        for (column, name) in names.iter().enumerate() {
            let format = if column < texts { &self.formats.first_head } else { &self.formats.head };
            self.sheet.write_string_with_format(self.next, column as u16, fitting(name), format)?;
            lines = lines.max((name.chars().count() as f64 * 1.15 / self.widths[column]).ceil());
        }
        self.sheet.set_row_height(self.next, (LINE * lines).min(HIGHEST))?;
        self.next += 1;
        Ok(self.next - 1)
    }

    /// A row.
    pub(super) fn row(&mut self, values: &[Value], weight: Weight) -> Result<(), XlsxError> {
        let mut lines: f64 = 1.0;
        for (column, value) in values.iter().enumerate() {
            self.write(column as u16, value, weight)?;
            if let Value::Text(text) = value {
                lines = lines.max(lines_of(text, self.widths[column]));
            }
        }
        if lines > 1.0 {
            self.sheet.set_row_height(self.next, (LINE * lines).min(HIGHEST))?;
        }
        self.next += 1;
        Ok(())
    }

    fn write(&mut self, column: u16, value: &Value, weight: Weight) -> Result<(), XlsxError> {
        let (row, formats, sheet) = (self.next, self.formats, &mut self.sheet);
        match value {
            Value::Blank => return Ok(()),
            Value::Text(text) => {
                sheet.write_string_with_format(row, column, fitting(text), &Formats::text(weight))?
            }
            Value::Money(ore) => {
                sheet.write_number_with_format(row, column, ore / 100.0, &Formats::money(weight))?
            }
            Value::Thousands(ore) => {
                sheet.write_number_with_format(row, column, ore / 100.0, &Formats::thousands(weight))?
            }
            Value::Figures(text) => {
                sheet.write_string_with_format(row, column, fitting(text), &Formats::figures(weight))?
            }
            Value::Share(share) => {
                sheet.write_number_with_format(row, column, *share, &formats.share(weight))?
            }
            Value::Plain(number) => {
                sheet.write_number_with_format(row, column, *number, &Formats::plain(weight))?
            }
            Value::Written(number) => sheet.write_number(row, column, *number)?,
            Value::Count(count) => {
                sheet.write_number_with_format(row, column, *count as f64, &Formats::count(weight))?
            }
            Value::Year(year) => {
                sheet.write_number_with_format(row, column, f64::from(*year), &Formats::year(weight))?
            }
            Value::Day(date) => {
                let (year, month, day) = (date.year(), date.month(), date.day());
                match ExcelDateTime::from_ymd(year as u16, month as u8, day as u8) {
                    Ok(day) => sheet.write_datetime_with_format(row, column, &day, &formats.day(weight))?,
                    // Spreadsheets begin with 1900.
                    Err(_) => sheet.write_string_with_format(
                        row,
                        column,
                        date.to_string(),
                        &Formats::text(weight),
                    )?,
                }
            }
            Value::Formula(formula, ore) => {
                let formula = Formula::new(formula).set_result((ore / 100.0).to_string());
                sheet.write_formula_with_format(row, column, formula, &Formats::money(weight))?
            }
            Value::Counted(formula, count) => {
                let formula = Formula::new(formula).set_result(count.to_string());
                sheet.write_formula_with_format(row, column, formula, &Formats::count(weight))?
            }
        };
        Ok(())
    }

    /// An empty row.
    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    /// Keeps the rows up to the head of the table and its first columns in sight, prints them on every side, and lets
    /// the rows below be filtered.
    pub(super) fn keep_head(&mut self, head: u32, columns: u16) -> Result<(), XlsxError> {
        self.sheet.set_freeze_panes(head + 1, columns)?;
        self.sheet.set_repeat_rows(head, head)?;
        Ok(())
    }

    /// Lets the rows of a table be filtered and sorted.
    pub(super) fn filter(&mut self, head: u32) -> Result<(), XlsxError> {
        if self.next > head + 1 {
            self.sheet.autofilter(head, 0, self.next - 1, self.last_column())?;
        }
        Ok(())
    }

    /// Puts charts below what is written, two beside each other, on a side of paper of their own.
    pub(super) fn charts(&mut self, charts: Vec<Chart>) -> Result<(), XlsxError> {
        let (width, height) = (self.pixels() / 2 - 20, 15 * ROW);
        if self.next > ROWS_BEFORE_CHARTS && !charts.is_empty() {
            self.sheet.set_page_breaks(&[self.next])?;
        }
        let count = charts.len() as u32;
        for (index, mut chart) in charts.into_iter().enumerate() {
            chart.set_width(width).set_height(height - ROW);
            let (line, beside) = (index as u32 / 2, index as u32 % 2);
            let row = self.next + 15 * line;
            self.sheet.insert_chart_with_offset(row, 0, &chart, beside * (width + 20), 6)?;
        }
        self.printed = self.next + 15 * count.div_ceil(2);
        self.next = self.printed;
        Ok(())
    }

    /// The width of all columns: a letter takes seven pixels, and a column five more.
    fn pixels(&self) -> u32 {
        self.widths.iter().map(|width| (7.0 * width) as u32 + 5).sum()
    }

    /// The sheet, set up for A4 across.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        let last = self.next.max(self.printed).max(1) - 1;
        self.sheet.set_print_area(0, 0, last, self.last_column())?;
        self.sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        self.sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        self.sheet.set_footer("&L&8&A&R&8&P / &N");
        Ok(self.sheet)
    }
}

/// A text cut off where a cell could not hold it.
fn fitting(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

/// The lines that a text takes in a column, of letters as wide as digits, by which columns are measured.
fn lines_of(text: &str, width: f64) -> f64 {
    (text.chars().count() as f64 * 0.9 / width).ceil().max(1.0)
}

/// `=SUM` over rows of a column; zero rows give nothing.
pub(super) fn sum_of_rows(first: u32, last: u32, column: u16) -> String {
    format!("=SUM({}:{})", row_col_to_cell(first, column), row_col_to_cell(last, column))
}

/// `=SUM` over columns of a row.
pub(super) fn sum_of_columns(row: u32, first: u16, last: u16) -> String {
    format!("=SUM({}:{})", row_col_to_cell(row, first), row_col_to_cell(row, last))
}

/// Formulas of more cells than this are written as numbers: spreadsheets take 255.
const MOST_CELLS: usize = 100;

/// The sum of single cells, which is known, in øre.
pub(super) fn sum_of_cells(cells: &[(u32, u16)], ore: f64) -> Value {
    if cells.is_empty() || cells.len() > MOST_CELLS {
        return Value::Money(ore);
    }
    let cells: Vec<_> = cells.iter().map(|(row, column)| row_col_to_cell(*row, *column)).collect();
    Value::Formula(format!("=SUM({})", cells.join(",")), ore)
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::report::text::Language;

    #[test]
    fn texts_of_any_length_fit() {
        let formats = Formats::new(Language::Da);
        let long = "æ🙂".repeat(100_000);
        for columns in [1, 3] {
            let mut paper = Paper::new("x", &vec![10.0; columns], &formats).unwrap();
            paper.prose(&long).unwrap();
            paper.heading(&long).unwrap();
            paper.head(std::slice::from_ref(&long), 1).unwrap();
            paper.row(&[Value::Text(long.clone())], Weight::Plain).unwrap();
            let mut workbook = Workbook::new();
            workbook.push_worksheet(paper.finish().unwrap());
            assert!(workbook.save_to_buffer().is_ok());
        }
    }

    #[test]
    fn more_cells_than_a_formula_takes_are_a_number() {
        let cells: Vec<_> = (0..150).map(|row| (row, 1)).collect();
        assert!(matches!(sum_of_cells(&cells, 100.0), Value::Money(_)));
        assert!(matches!(sum_of_cells(&cells[..2], 100.0), Value::Formula(text, _) if text == "=SUM(B1,B2)"));
    }
}
