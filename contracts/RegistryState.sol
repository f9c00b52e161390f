// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";

/// @notice An organisation; organisation 0 is the governor. Its first slot is what every claim reads.
/// @dev `threshold` is at least 1 in every organisation that exists, and 0 in organisation 0.
/// `acts` and `log`: docs/specs/claim.md, "The log".
struct Organisation {
    uint8 threshold;
    bool suspended;
    uint48 acts;
    bytes24 log;
    uint16 delayHours;
    string name;
    string displayName;
    EnumerableSet.AddressSet admins;
    EnumerableSet.AddressSet signers;
    IDaoChainRegistry.WaitingAct[] waiting;
}

/// @notice One slot. `countedAt` and `threshold` are 0 while the record is pending.
struct Record {
    address firstSigner;
    uint40 submittedAt;
    uint40 countedAt;
    uint8 threshold;
    uint8 approvals;
}

/// @notice One slot. `late`: the record had counted before.
struct LaterApproval {
    address signer;
    uint40 time;
    bool late;
}

/// @notice One slot. `recordOnly`: by a signer, so that it reaches one record alone.
struct Revocation {
    uint64 time;
    bool recordOnly;
}

/// @notice All of the registry's storage, from slot 0 on, a slot each in this order: proofs are made of these places.
struct RegistryState {
    address governor;
    address governorCandidate;
    mapping(bytes32 namespaceHash => bytes32 organisation) owners;
    /// How many namespaces, of anyone, lie strictly beneath a prefix that is not empty.
    mapping(bytes32 prefixHash => uint256 count) beneath;
    mapping(bytes32 organisation => string[]) namespaces;
    bytes32[] ids;
    address predecessor;
    address successor;
    mapping(bytes32 organisation => Organisation) organisations;
    mapping(bytes32 organisation => mapping(address signer => IDaoChainRegistry.SignerState)) signerStates;
    mapping(bytes32 organisation => mapping(bytes32 recordId => Record)) records;
    mapping(bytes32 recordId => mapping(uint256 index => LaterApproval)) laterApprovals;
    /// By the id of a claim, of a record, or keccak256(recordId, claimId) for one claim in one batch.
    mapping(bytes32 organisation => mapping(bytes32 id => Revocation)) revocations;
    mapping(bytes32 organisation => mapping(bytes32 digest => uint64)) digestRevocations;
    mapping(bytes32 tagKey => IDaoChainRegistry.Head) heads;
    mapping(bytes32 organisation => mapping(address signer => string)) signerPrefixes;
}
