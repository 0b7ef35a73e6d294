//! What goes in comes out.

use std::io::Read as _;

use archive_transfer::{Outcome, Receipt, Reception, open};

use crate::sample::{built, day, files as sample_files, judged, package};

#[test]
fn records_and_files_come_back_as_they_went_in_from_folder_and_zip() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = built(dir.path());
    let (sent, sent_files) = (package(), sample_files());
    let mut fingerprints = Vec::new();
    for path in [folder, zip] {
        let reader = open(&path).unwrap();
        assert_eq!(reader.items().unwrap(), sent.items);
        assert_eq!(reader.arrangement().unwrap(), sent.arrangement);
        assert_eq!(reader.record().institution, sent.institution);
        assert_eq!(reader.record().exceptions, sent.exceptions);
        assert_eq!(reader.record().opinions, sent.opinions);
        let files = reader.files().unwrap();
        assert_eq!(files.len(), sent_files.len());
        for (file, (item, sent)) in files.iter().zip(&sent_files) {
            let (mut came, mut went) = (Vec::new(), Vec::new());
            reader.read(file).unwrap().read_to_end(&mut came).unwrap();
            (sent.open)().unwrap().read_to_end(&mut went).unwrap();
            assert!(came == went);
            assert_eq!((file.item, &file.original_name), (*item, &sent.original_name));
        }
        fingerprints.push(reader.fingerprint().unwrap());
    }
    assert_eq!(fingerprints[0], fingerprints[1]);
}

#[test]
fn a_file_changed_after_verification_is_not_taken_in() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    let reader = open(&folder).unwrap();
    let file = reader.files().unwrap().remove(0);
    let path = folder.join(&file.path);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = reader.read(&file).unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("its digest should be"), "{error}");
}

#[test]
fn a_receipt_names_the_package_and_comes_back_readable() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    let reception = || Reception {
        archives: "建阳县档案馆".to_owned(),
        received_by: "李接收".to_owned(),
        received_on: day(2005, 4, 8),
        accession: None,
        in_spite_of_faults: None,
    };
    let reader = open(&folder).unwrap();
    let receipt = Receipt::new(&judged(&folder), Some(&reader), "J019-2004", reception());
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert!(receipt.answers(&reader.fingerprint().unwrap()));
    assert_eq!(Receipt::from_json(&receipt.to_json()).unwrap(), receipt);
    assert!(receipt.to_html().contains("检验合格，予以接收"));

    std::fs::remove_file(folder.join("data/J019-2004/METS.xml")).unwrap();
    let receipt = Receipt::new(&judged(&folder), Some(&reader), "J019-2004", reception());
    assert_eq!(receipt.outcome, Outcome::Returned);
    let page = receipt.to_html();
    assert!(page.contains("检验不合格，退回") && page.contains("data/J019-2004/METS.xml"));
    assert!(Receipt::from_json(b"{}").is_err());
}
