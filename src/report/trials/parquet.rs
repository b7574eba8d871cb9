//! Trials as Apache Parquet: the number of the trial, and a column of doubles for each figure, a row group at a time.
//!
//! Amounts are in units of the currency, each the double nearest to the øre; times 100 and rounded it is the øre again.
//! Few amounts occur often, so that dictionaries make the file small without compression, which readers need not know.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::data_type::{DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::Chosen;
use crate::engine::run::Settings;
use crate::engine::trials::Column;
use crate::report::ReportError;
use crate::scenario::model::Scenario;

/// The column with the number of the trial, from 0, as `udfald explain` takes it.
pub(super) const TRIAL: &str = "trial";

/// A file under construction.
pub(super) struct File<'w> {
    writer: SerializedFileWriter<&'w mut (dyn Write + Send)>,
}

impl<'w> File<'w> {
    pub(super) fn new(
        scenario: &Scenario,
        settings: Settings,
        chosen: &[Chosen],
        out: &'w mut (dyn Write + Send),
    ) -> Result<Self> {
        Ok(Self { writer: SerializedFileWriter::new(out, schema(chosen)?, properties(scenario, settings))? })
    }

    /// Writes a row group: the first trial, and the amounts of each column in øre.
    pub(super) fn group(&mut self, first: u64, columns: &[Column]) -> std::result::Result<(), ReportError> {
        let mut group = self.writer.next_row_group()?;
        let length = columns.first().map_or(0, Vec::len) as u64;
        if let Some(mut trial) = group.next_column()? {
            let numbers: Vec<i64> = (first..first + length).map(|trial| trial as i64).collect();
            trial.typed::<Int64Type>().write_batch(&numbers, None, None)?;
            trial.close()?;
        }
        let mut units = Vec::new();
        for column in columns {
            let Some(mut written) = group.next_column()? else { break };
            units.clear();
            units.extend(column.iter().map(|ore| *ore as f64 / 100.0));
            written.typed::<DoubleType>().write_batch(&units, None, None)?;
            written.close()?;
        }
        group.close()?;
        Ok(())
    }

    pub(super) fn finish(self) -> std::result::Result<(), ReportError> {
        self.writer.close()?;
        Ok(())
    }
}

fn schema(chosen: &[Chosen]) -> Result<TypePtr> {
    let field = |name: &str, kind: Physical| {
        let field = Type::primitive_type_builder(name, kind).with_repetition(Repetition::REQUIRED);
        field.build().map(Arc::new)
    };
    let mut fields = vec![field(TRIAL, Physical::INT64)?];
    for column in chosen {
        fields.push(field(&column.name, Physical::DOUBLE)?);
    }
    Ok(Arc::new(Type::group_type_builder("trials").with_fields(fields).build()?))
}

fn properties(scenario: &Scenario, settings: Settings) -> WriterPropertiesPtr {
    let digest = scenario.sources.sha256();
    let about = [
        ("udfald.unit", scenario.currency.unit()),
        ("udfald.scenario.sha256", digest),
        ("udfald.trials", settings.trials.to_string()),
        ("udfald.seed", settings.seed.to_string()),
        ("udfald.sampler", settings.chance.name().to_owned()),
    ];
    let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec();
    let trial = ColumnPath::from(TRIAL);
    Arc::new(
        WriterProperties::builder()
            .set_created_by(format!("udfald {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(about))
            .set_compression(Compression::UNCOMPRESSED)
            .set_column_dictionary_enabled(trial.clone(), false)
            .set_column_encoding(trial, Encoding::DELTA_BINARY_PACKED)
            .build(),
    )
}
