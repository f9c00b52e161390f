// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Approvals} from "./Approvals.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Namespaces} from "./Namespaces.sol";
import {Organisation, RegistryState, Revocation} from "./RegistryState.sol";

/// @title What anybody can ask the registry
abstract contract RegistryViews is Approvals {
    using EnumerableSet for EnumerableSet.AddressSet;
    using Namespaces for RegistryState;

    uint256 private constant MAX_PAGE = 200;

    /// @inheritdoc IDaoChainRegistry
    function governor() external view returns (address) {
        return _state.governor;
    }

    /// @inheritdoc IDaoChainRegistry
    function governorCandidate() external view returns (address) {
        return _state.governorCandidate;
    }

    /// @inheritdoc IDaoChainRegistry
    function predecessor() external view returns (address) {
        return _state.predecessor;
    }

    /// @inheritdoc IDaoChainRegistry
    function successor() external view returns (address) {
        return _state.successor;
    }

    /// @inheritdoc IDaoChainRegistry
    function tagKeyOf(bytes32 id, string calldata repository, string calldata tag) public pure returns (bytes32) {
        return keccak256(abi.encode(id, keccak256(bytes(repository)), keccak256(bytes(tag))));
    }

    /// @inheritdoc IDaoChainRegistry
    function ownerOf(string calldata repository) public view returns (bytes32 owner, string memory namespace) {
        bytes calldata path = bytes(repository);
        if (path.length > Namespaces.MAX_REPOSITORY) revert TooLong("repository", Namespaces.MAX_REPOSITORY);
        uint256 length;
        (owner, length) = _state.ownerOf(path);
        namespace = string(path[:length]);
    }

    /// @inheritdoc IDaoChainRegistry
    function read(
        bytes32 id,
        string calldata repository,
        string calldata tag,
        bytes32[] calldata digests,
        bytes32[] calldata recordIds,
        bytes32[] calldata claimIds
    ) external view returns (Reading memory reading) {
        if (recordIds.length != claimIds.length) revert LengthsDiffer(recordIds.length, claimIds.length);
        Organisation storage found = _state.organisations[id];
        reading.name = found.name;
        reading.threshold = found.threshold;
        reading.suspended = found.suspended;
        (reading.owner,) = ownerOf(repository);
        reading.head = _state.heads[tagKeyOf(id, repository, tag)];
        reading.digestRevocations = new uint64[](digests.length);
        for (uint256 i = 0; i < digests.length; ++i) {
            reading.digestRevocations[i] = _state.digestRevocations[id][digests[i]];
        }
        reading.records = new RecordState[](recordIds.length);
        reading.claimRevocations = new uint64[](recordIds.length);
        for (uint256 i = 0; i < recordIds.length; ++i) {
            reading.records[i] = recordState(id, recordIds[i]);
            uint64 revokedAt = _revokedAt(id, claimIds[i]);
            if (revokedAt == 0) revokedAt = _state.revocations[id][_claimInBatch(recordIds[i], claimIds[i])].time;
            reading.claimRevocations[i] = revokedAt;
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function organisation(bytes32 id) external view returns (OrganisationView memory) {
        Organisation storage found = _state.organisations[id];
        return OrganisationView({
            name: found.name,
            displayName: found.displayName,
            threshold: found.threshold,
            suspended: found.suspended,
            delayHours: found.delayHours,
            admins: found.admins.values(),
            signers: found.signers.values(),
            namespaces: _state.namespaces[id]
        });
    }

    /// @inheritdoc IDaoChainRegistry
    function organisations(uint256 offset, uint256 limit)
        external
        view
        returns (string[] memory names, uint256 total)
    {
        if (limit == 0 || limit > MAX_PAGE) revert PageInvalid();
        total = _state.ids.length;
        uint256 left = offset < total ? total - offset : 0;
        names = new string[](left < limit ? left : limit);
        for (uint256 i = 0; i < names.length; ++i) {
            names[i] = _state.organisations[_state.ids[offset + i]].name;
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function organisationLog(bytes32 id) external view returns (uint48 acts, bytes24 log) {
        Organisation storage found = _state.organisations[id];
        return (found.acts, found.log);
    }

    /// @inheritdoc IDaoChainRegistry
    function waitingActs(bytes32 id) external view returns (WaitingAct[] memory) {
        return _state.organisations[id].waiting;
    }

    /// @inheritdoc IDaoChainRegistry
    function isAdmin(bytes32 id, address account) external view returns (bool) {
        return _isAdmin(id, account);
    }

    /// @inheritdoc IDaoChainRegistry
    function isSigner(bytes32 id, address account) external view returns (bool) {
        return _isSigner(_state.signerStates[id][account]);
    }

    /// @inheritdoc IDaoChainRegistry
    function signerState(bytes32 id, address account) external view returns (SignerState memory) {
        return _state.signerStates[id][account];
    }

    /// @inheritdoc IDaoChainRegistry
    function signerPrefix(bytes32 id, address account) external view returns (string memory) {
        return _state.signerPrefixes[id][account];
    }

    function _isAdmin(bytes32 id, address account) internal view returns (bool) {
        return _state.organisations[id].admins.contains(account);
    }

    /// When a claim was revoked by its id in every record, 0 if it was not.
    function _revokedAt(bytes32 id, bytes32 claimId) internal view returns (uint64) {
        Revocation memory revocation = _state.revocations[id][claimId];
        return revocation.recordOnly ? 0 : revocation.time;
    }

    /// Under which key one claim of one batch is revoked.
    function _claimInBatch(bytes32 recordId, bytes32 claimId) internal pure returns (bytes32) {
        return keccak256(abi.encode(recordId, claimId));
    }
}
