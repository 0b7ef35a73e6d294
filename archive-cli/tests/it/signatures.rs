//! Keys and signatures on both sides of a hand-over: what is signed is known, and what was touched is named.

use std::fs;

use crate::desk::{BUREAU, Desk, OFFICE};

/// A sender and a bureau with a key each that know each other, and a signed package.
fn signed(scheme: &[&str]) -> Desk {
    let desk = Desk::with_the_year();
    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    for (repository, office, other) in [("repository", OFFICE, "bureau"), ("bureau", BUREAU, "repository")] {
        let new = ["transfer", "key", "new", "-R", repository];
        desk.run(new.iter().chain(scheme)).expect_status(0);
        let public = format!("{repository}/keys/trusted/{office}.pem");
        desk.run(["transfer", "key", "trust", &public, "--name", office, "-R", other]).expect_status(0);
    }
    desk.at_repository(&["transfer", "sign", "packages/J019-2004"]).expect_status(0);
    desk
}

fn detail(document: &serde_json::Value) -> String {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == "YJ-1-1").unwrap()["detail"].as_str().unwrap().to_owned()
}

#[test]
fn both_sides_sign_and_both_signatures_are_checked_and_kept() {
    for scheme in [&[][..], &["--sm2"]] {
        let desk = signed(scheme);
        let verified =
            desk.run(["transfer", "verify", "packages/J019-2004", "-R", "bureau", "--json"]).expect_status(0);
        assert!(
            detail(&verified.document()).ends_with("签名有效：临溪县人民政府办公室 陈文书，2005年4月18日")
        );
        desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(0);
        let filed = desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(0);
        assert!(filed.stdout.contains("签名有效：临溪县档案馆"), "{}", filed.stdout);
        let receipt = fs::read_to_string(desk.path("packages/J019-2004.回执.json")).unwrap();
        assert!(receipt.contains("\"known\": true"), "{receipt}");
    }
}

#[test]
fn a_key_is_its_owners_alone_kept_out_of_git_and_not_replaced_by_accident() {
    let desk = Desk::with_repository();
    desk.at_repository(&["transfer", "key", "new"]).expect_status(0);
    let own = desk.path("repository/keys/own.pem");
    let first = fs::read(&own).unwrap();
    assert_eq!(fs::read(desk.path("repository/keys/.gitignore")).unwrap(), b"*\n");
    desk.at_repository(&["transfer", "key", "new"]).expect_status(2);
    assert_eq!(fs::read(&own).unwrap(), first);
    let shown = desk.json(&["transfer", "key", "show"], 0);
    assert_eq!(shown["fingerprint"].as_str().unwrap().len(), 64);
    assert!(!shown.to_string().contains("PRIVATE"));
    desk.at_repository(&["transfer", "key", "new", "--replace", "--sm2"]).expect_status(0);
    assert_ne!(fs::read(&own).unwrap(), first);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&own).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&own, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = desk.at_repository(&["transfer", "key", "show"]).expect_status(3);
        assert!(refused.stderr.contains("别人也能读"), "{}", refused.stderr);
    }
}

#[test]
fn an_unsigned_package_goes_over_and_is_said_to_be_unsigned() {
    let desk = Desk::with_the_year();
    let verified = desk.run(["transfer", "verify", "packages/J019-2004", "--json"]).expect_status(0);
    assert!(detail(&verified.document()).ends_with("；没有电子签名"));
    desk.at_repository(&["transfer", "key", "new"]).expect_status(0);
    let own = format!("repository/keys/trusted/{OFFICE}.pem");
    // Where a key is named, its signature must be there.
    desk.run(["transfer", "verify", "packages/J019-2004", "--trusted", &own]).expect_status(1);
}

/// What the bureau says of the package, expected to be at fault in one file.
#[track_caller]
fn refused_for(desk: &Desk, file: &str, said: &str) {
    let verified =
        desk.run(["transfer", "verify", "packages/J019-2004", "-R", "bureau", "--json"]).expect_status(1);
    let document = verified.document();
    let findings = document["findings"].as_array().unwrap();
    let named = findings.iter().any(|finding| {
        finding["severity"] == "error"
            && finding["where"]["file"] == file
            && finding["message"].as_str().unwrap().contains(said)
    });
    assert!(named, "{findings:#?}");
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(1);
}

#[test]
fn a_package_changed_and_sealed_again_is_refused_by_its_signature() {
    let desk = signed(&[]);
    // A forger who mends every digest is betrayed by the signature.
    let info = desk.path("packages/J019-2004/bag-info.txt");
    let forged = fs::read_to_string(&info).unwrap().replace("2005", "2006");
    fs::write(&info, forged).unwrap();
    let seal = desk.path("packages/J019-2004/tagmanifest-sha256.txt");
    let digest = {
        use sha2::{Digest as _, Sha256};
        let bytes = Sha256::digest(fs::read(&info).unwrap());
        bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    };
    let sealed: String = fs::read_to_string(&seal)
        .unwrap()
        .lines()
        .map(|line| match line.strip_suffix("  bag-info.txt") {
            Some(_) => format!("{digest}  bag-info.txt\n"),
            None => format!("{line}\n"),
        })
        .collect();
    fs::write(&seal, sealed).unwrap();
    refused_for(&desk, "tagmanifest-sha256.txt", "签名时不同");
}

#[test]
fn a_statement_that_was_touched_is_refused_by_name() {
    let desk = signed(&["--sm2"]);
    let path = desk.path("packages/J019-2004.移交签名.txt");
    let touched = fs::read_to_string(&path).unwrap().replace("陈文书", "赵文书");
    fs::write(&path, touched).unwrap();
    refused_for(&desk, "J019-2004.移交签名.sig", "签名不符");
    fs::remove_file(desk.path("packages/J019-2004.移交签名.sig")).unwrap();
    refused_for(&desk, "J019-2004.移交签名.sig", "签名不完整");
}

#[test]
fn a_signature_by_another_key_is_refused_and_by_an_unknown_one_is_said() {
    let desk = signed(&[]);
    desk.at_repository(&["transfer", "key", "new", "--replace"]).expect_status(0);
    desk.at_repository(&["transfer", "sign", "packages/J019-2004"]).expect_status(0);
    refused_for(&desk, "J019-2004.移交签名.pem", "不是临溪县人民政府办公室的公钥");
    // To somebody who keeps no key of this office it is right, but nobody's.
    let verified = desk.run(["transfer", "verify", "packages/J019-2004", "--json"]).expect_status(0);
    assert!(detail(&verified.document()).contains("未经核对"));
}

#[test]
fn a_receipt_that_was_touched_or_signed_by_another_is_not_filed() {
    let desk = signed(&[]);
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(0);
    let path = desk.path("packages/J019-2004.回执.json");
    let receipt = fs::read_to_string(&path).unwrap();
    fs::write(&path, receipt.replace("2005-0001", "2005-0009")).unwrap();
    let before = desk.tree();
    let refused = desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(3);
    assert!(refused.stderr.contains("J019-2004.回执.sig"), "{}", refused.stderr);
    fs::write(&path, receipt).unwrap();
    let other = format!("repository/keys/trusted/{OFFICE}.pem");
    let refused = desk
        .at_repository(&["transfer", "receipt", "packages/J019-2004", "--trusted", &other])
        .expect_status(3);
    assert!(refused.stderr.contains("J019-2004.回执.pem"), "{}", refused.stderr);
    assert_eq!(before.len(), desk.tree().len());
    desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(0);
}
