//! Signing in: passwords, the first account, and invitations.
//!
//! What a person may do is said by the register of people. Here is only whether they are who they say: by a
//! password hashed with argon2id, or once by a code. Who doesn't know either can't tell a wrong name from a wrong
//! password, not by the words and not by the time it takes.

use std::sync::{Mutex, PoisonError};

use archive_core::text;
use archive_core::text::Text;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};

use crate::answer::broken;
use crate::failure::Failure;
use crate::sessions;

/// The fewest characters of a password.
pub(crate) const SHORTEST: usize = 10;
/// The most: longer ones only cost time.
const LONGEST: usize = 200;
/// How long an invitation is good, in seconds.
pub(crate) const INVITED: i64 = 7 * 24 * 60 * 60;
/// Letters and figures of a code that can't be taken for one another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// One password is tried at a time: each takes 19 MiB, which guessing must not multiply.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A code that is typed once: three groups of four.
pub(crate) fn code() -> Result<String, Failure> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(|error| broken(&error.to_string()))?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// A code as it is compared: without what people add or leave out.
pub(crate) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// Refuses a password that is too short or far too long.
pub(crate) fn judge(password: &str, again: &str) -> Result<(), Failure> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Failure::refused(text!(
            "密码要有 {SHORTEST} 到 {LONGEST} 个字符",
            "a password has {SHORTEST} to {LONGEST} characters"
        )));
    }
    if password != again {
        return Err(Failure::refused(Text::fixed("两次输入的密码不同", "the two passwords differ")));
    }
    Ok(())
}

/// The hash of a password.
pub(crate) fn hash(password: &str) -> Result<String, Failure> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| broken(&error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| broken(&error.to_string()))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| broken(&error.to_string()))
}

/// Whether a password is the one of a hash. Without a hash it takes as long, and isn't.
pub(crate) fn is_right(password: &str, hash: Option<&str>) -> Result<bool, Failure> {
    if password.chars().count() > LONGEST {
        return Ok(false);
    }
    let Some(hash) = hash else {
        self::hash(password)?;
        return Ok(false);
    };
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let hash = PasswordHash::new(hash).map_err(|error| broken(&error.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whether two codes are one.
pub(crate) fn is_same_code(typed: &str, code: &str) -> bool {
    sessions::same(&plain(typed), &plain(code))
}

/// Whether a code is the one of a digest.
pub(crate) fn is_code(code: &str, digest: Option<&str>) -> bool {
    digest.is_some_and(|digest| sessions::digest(&plain(code)) == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let hash = hash("长江之水天上来呀呀呀").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_right("长江之水天上来呀呀呀", Some(&hash)).unwrap());
        assert!(!is_right("长江之水天上来", Some(&hash)).unwrap());
        assert!(!is_right("长江之水天上来", None).unwrap());
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = code().unwrap();
        assert_eq!(code.len(), 14);
        let digest = sessions::digest(&plain(&code));
        assert!(is_code(&code.to_lowercase().replace('-', " "), Some(&digest)));
        assert!(!is_code("", Some(&digest)) && !is_code(&code, None));
    }
}
