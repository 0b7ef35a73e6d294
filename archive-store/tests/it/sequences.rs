//! Any sequence of operations, some of which fail or are abandoned, against a model in memory.

use std::collections::BTreeMap;

use archive_core::model::ItemId;
use archive_store::{ErrorKind, ItemFilter};
use proptest::prelude::*;

use crate::place::{FONDS, Place, arrangement, batch, now, volume};

#[derive(Debug, Clone)]
enum Step {
    /// Take in register `register` of `items` items with a scan each; abandoned or committed.
    Import { register: u8, items: u64, commit: bool },
    /// The same with a scan that isn't there.
    ImportBroken { register: u8 },
    /// Add a file to the nth item.
    Add { nth: usize },
    /// Put the items into volumes of two, numbered from `from`.
    Arrange { from: u32 },
    /// Hand over the first volume.
    HandOver,
    /// Close and open.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_u8, 1..4_u64, any::<bool>())
            .prop_map(|(register, items, commit)| Step::Import { register, items, commit }),
        1 => (0..6_u8).prop_map(|register| Step::ImportBroken { register }),
        2 => (0..8_usize).prop_map(|nth| Step::Add { nth }),
        2 => (1..4_u32).prop_map(|from| Step::Arrange { from }),
        1 => Just(Step::HandOver),
        1 => Just(Step::Reopen),
    ]
}

/// What ought to be there.
#[derive(Debug, Default)]
struct Model {
    registers: Vec<u8>,
    /// Files by item.
    files: BTreeMap<ItemId, usize>,
    /// Volumes by number, as last saved.
    volumes: BTreeMap<u32, Vec<ItemId>>,
    handed_over: BTreeMap<u32, Vec<ItemId>>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_operations_keeps_what_was_accepted(steps in proptest::collection::vec(step(), 1..12)) {
        let place = Place::new();
        let mut repository = place.open();
        let mut model = Model::default();
        for (turn, step) in steps.into_iter().enumerate() {
            match step {
                Step::Import { register, items, commit } => {
                    let files = (1..=items).map(|row| place.scan(row, &format!("{turn}/{row}.tif"), b"scan")).collect();
                    let mut change = repository.begin("x", "import", now()).unwrap();
                    match change.import(&batch(&register.to_string(), items, files), &|_| ()) {
                        Ok(report) if commit => {
                            change.commit().unwrap();
                            prop_assert!(!model.registers.contains(&register));
                            model.registers.push(register);
                            for id in report.items {
                                prop_assert!(model.files.insert(id, 1).is_none(), "identifiers are new");
                            }
                        }
                        Ok(_) => drop(change),
                        Err(error) => {
                            prop_assert_eq!(error.kind(), ErrorKind::Twice);
                            prop_assert!(model.registers.contains(&register));
                        }
                    }
                }
                Step::ImportBroken { register } => {
                    let mut missing = place.scan(1, "missing.tif", b"");
                    missing.source = archive_store::FileSource::Path(place.scans().join("nowhere.tif"));
                    let mut change = repository.begin("x", "import", now()).unwrap();
                    let error = change.import(&batch(&register.to_string(), 1, vec![missing]), &|_| ()).unwrap_err();
                    let expected =
                        if model.registers.contains(&register) { ErrorKind::Twice } else { ErrorKind::Source };
                    prop_assert_eq!(error.kind(), expected);
                }
                Step::Add { nth } => {
                    let Some((&id, _)) = model.files.iter().nth(nth) else { continue };
                    let mut change = repository.begin("x", "import", now()).unwrap();
                    change.add_files(id, &[place.scan(0, "late.jpg", b"late")], &|_| ()).unwrap();
                    change.commit().unwrap();
                    *model.files.get_mut(&id).unwrap() += 1;
                }
                Step::Arrange { from } => {
                    let ids: Vec<ItemId> = model.files.keys().copied().collect();
                    let volumes: BTreeMap<u32, Vec<ItemId>> =
                        (from..).zip(ids.chunks(2)).map(|(no, items)| (no, items.to_vec())).collect();
                    let new = arrangement(volumes.iter().map(|(no, items)| volume(*no, items)).collect());
                    let change = repository.begin("x", "number", now()).unwrap();
                    let saved = change.save_arrangement(FONDS, 2004, &new).and_then(|()| change.commit());
                    let keeps = model.handed_over.iter().all(|(no, items)| volumes.get(no) == Some(items));
                    match saved {
                        Ok(()) => {
                            prop_assert!(keeps);
                            model.volumes = volumes;
                        }
                        Err(error) => {
                            prop_assert_eq!(error.kind(), ErrorKind::Number);
                            prop_assert!(!keeps);
                        }
                    }
                }
                Step::HandOver => {
                    let Some((no, items)) = model.volumes.first_key_value() else { continue };
                    let change = repository.begin("x", "transfer", now()).unwrap();
                    change.record_transfer_sent(&archive_store::Sending {
                        fonds: FONDS.into(),
                        year: 2004,
                        package: format!("package {turn}"),
                        digest: format!("digest {turn}"),
                        receiver: "档案馆".into(),
                        volumes: vec![format!("{FONDS}-2004·Y-{no:03}")],
                        files: 0,
                    }).unwrap();
                    change.commit().unwrap();
                    model.handed_over.insert(*no, items.clone());
                }
                Step::Reopen => repository = place.open(),
            }
            prop_assert!(!place.root().join("staging").exists());
        }
        let found: BTreeMap<ItemId, usize> = repository
            .items(&ItemFilter::default())
            .unwrap()
            .iter()
            .map(|item| (item.id, repository.files(item.id).unwrap().len()))
            .collect();
        prop_assert_eq!(&found, &model.files);
        let taken = repository.taken_numbers(FONDS).unwrap();
        let handed_over: Vec<u32> =
            taken.iter().filter(|number| number.handed_over).map(|number| number.volume_no).collect();
        prop_assert_eq!(handed_over, model.handed_over.keys().copied().collect::<Vec<_>>());
        prop_assert_eq!(taken.iter().map(|number| number.volume_no).collect::<Vec<_>>(), model.volumes.keys().copied().collect::<Vec<_>>());
        prop_assert!(repository.verify_audit(None).unwrap().is_empty());
        prop_assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty());
    }
}
