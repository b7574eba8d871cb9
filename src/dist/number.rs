//! The check that every parameter passes first.

/// Parameters beyond this are refused, so that no sum or square of theirs can overflow.
const LARGEST: f64 = 1e15;

/// A parameter that is no usable number.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}; write a number between -1e15 and 1e15")]
pub struct NumberError {
    name: &'static str,
    value: f64,
}

/// Returns `value` if it is finite and of reasonable size.
///
/// # Errors
///
/// When it is NaN, infinite or larger than 1e15 in magnitude.
pub(super) fn number(name: &'static str, value: f64) -> Result<f64, NumberError> {
    if value.abs() <= LARGEST { Ok(value) } else { Err(NumberError { name, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_ordinary_number() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2e15] {
            assert!(number("mean", value).is_err());
        }
        let text = number("mean", f64::NAN).unwrap_err().to_string();
        assert_eq!(text, "mean is NaN; write a number between -1e15 and 1e15");
        assert!(number("mean", -0.0).is_ok());
    }
}
