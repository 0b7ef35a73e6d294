//! What was made of the repository and is good until it changes.

use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::Failure;

/// Something that takes a moment to make, kept with a word for what it was made of.
///
/// While it is made anew, those who ask for it wait for the one who makes it: nobody is shown what isn't true any more,
/// and it isn't made by all of them at once.
#[derive(Debug)]
pub(crate) struct Kept<T>(Mutex<Option<(String, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    /// What was made of `version`, made now if it wasn't yet.
    pub(crate) fn get(
        &self,
        version: String,
        make: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<Arc<T>, Failure> {
        // The old goes first: the two needn't be in memory at once.
        self.mend(version, |old| {
            drop(old);
            make()
        })
    }

    /// The same where what was made before is given to who makes it: to be changed where it is out of date.
    pub(crate) fn mend(
        &self,
        version: String,
        make: impl FnOnce(Option<Arc<T>>) -> Result<T, Failure>,
    ) -> Result<Arc<T>, Failure> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, made)) = kept.as_ref()
            && *of == version
        {
            return Ok(Arc::clone(made));
        }
        // Whatever comes of it, the old is no answer any more.
        let old = kept.take().map(|(_, old)| old);
        let made = Arc::new(make(old)?);
        *kept = Some((version, Arc::clone(&made)));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_for_each_version_and_not_kept_when_it_fails() {
        let kept = Kept::default();
        assert_eq!(*kept.get("1".into(), || Ok(10)).unwrap(), 10);
        assert_eq!(*kept.get("1".into(), || Ok(11)).unwrap(), 10);
        assert!(kept.get("2".into(), || Err(Failure::NotFound)).is_err());
        assert_eq!(*kept.get("2".into(), || Ok(12)).unwrap(), 12);
        let more = |old: Option<Arc<i32>>| Ok(old.map_or(0, Arc::unwrap_or_clone) + 1);
        assert_eq!(*kept.mend("3".into(), more).unwrap(), 13);
        assert!(kept.mend("4".into(), |_| Err(Failure::NotFound)).is_err());
        assert_eq!(*kept.mend("5".into(), more).unwrap(), 1, "what couldn't be mended is made anew");
    }
}
