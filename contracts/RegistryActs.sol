// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Namespaces} from "./Namespaces.sol";
import {OrganisationLog} from "./OrganisationLog.sol";
import {Organisation, RegistryState, Revocation} from "./RegistryState.sol";
import {WaitingActs} from "./WaitingActs.sol";

/// @title What the governor and an organisation's admins do
/// @notice Linked to the registry, whose deployment would not fit into a block of 4.7 million gas otherwise; it works on the
/// registry's storage and has none of its own. The registry's code names its address for good. IDaoChainRegistry says what each
/// act does; `call` is the data of the call to the registry, by which acts that wait are known.
library RegistryActs {
    using EnumerableSet for EnumerableSet.AddressSet;
    using OrganisationLog for Organisation;
    using WaitingActs for Organisation;
    using Namespaces for RegistryState;

    uint256 internal constant MAX_ADMINS = 16;
    uint256 internal constant MAX_SIGNERS = 32;
    uint256 internal constant MAX_NAME = 63;
    uint256 internal constant MAX_DISPLAY_NAME = 128;
    uint256 internal constant MAX_REASON = 512;
    uint256 internal constant MAX_DIGESTS = 64;
    /// The governor's acts and its delay are kept as an organisation's.
    bytes32 private constant GOVERNOR = 0;

    // ------------------------------------------------------------------ governor

    function transferGovernor(RegistryState storage state, address candidate) external {
        _onlyGovernor(state);
        state.governorCandidate = candidate;
        _logGovernor(state, IDaoChainRegistry.GovernorTransferStarted.selector, msg.sender, candidate);
    }

    function acceptGovernor(RegistryState storage state) external {
        if (msg.sender != state.governorCandidate) revert IDaoChainRegistry.NotGovernorCandidate(msg.sender);
        _logGovernor(state, IDaoChainRegistry.GovernorTransferred.selector, state.governor, msg.sender);
        state.governor = msg.sender;
        delete state.governorCandidate;
    }

    function nameSuccessor(RegistryState storage state, address registry, bytes calldata call) external {
        _onlyGovernor(state);
        if (state.successor != address(0)) revert IDaoChainRegistry.SuccessorNamedAlready(state.successor);
        if (registry == address(0) || registry == address(this)) revert IDaoChainRegistry.SuccessorInvalid(registry);
        if (!state.organisations[GOVERNOR].pass(GOVERNOR, true, call)) return;
        state.successor = registry;
        _logGovernor(state, IDaoChainRegistry.SuccessorNamed.selector, registry, msg.sender);
    }

    function admitOrganisation(
        RegistryState storage state,
        string calldata name,
        string calldata displayName,
        address admin,
        bool adminSigns,
        string[] calldata namespaces,
        bytes calldata call
    ) external {
        _onlyGovernor(state);
        if (!_isName(bytes(name))) revert IDaoChainRegistry.NameInvalid(name);
        _requireDisplayName(displayName);
        bytes32 id = keccak256(bytes(name));
        Organisation storage added = state.organisations[id];
        if (added.threshold != 0) revert IDaoChainRegistry.OrganisationExists(id);
        if (admin == address(0)) revert IDaoChainRegistry.AddressZero();
        bool carves = false;
        for (uint256 i = 0; i < namespaces.length; ++i) {
            if (!state.isCarved(id, bytes(namespaces[i]))) continue;
            state.check(id, namespaces[i]);
            carves = true;
        }
        if (!state.organisations[GOVERNOR].pass(GOVERNOR, carves, call)) return;

        added.threshold = 1;
        added.name = name;
        added.displayName = displayName;
        state.ids.push(id);
        state.organisations[GOVERNOR].append(
            OrganisationLog.topicsOf(IDaoChainRegistry.OrganisationAdmitted.selector, id, admin),
            abi.encode(name, displayName)
        );
        _addAdmin(added, id, admin);
        if (adminSigns) _addSigner(state, id, admin, "");
        for (uint256 i = 0; i < namespaces.length; ++i) {
            state.add(id, namespaces[i]);
        }
    }

    function addNamespace(RegistryState storage state, bytes32 id, string calldata namespace, bytes calldata call)
        external
    {
        _onlyGovernor(state);
        _existing(state, id);
        bool carves = state.isCarved(id, bytes(namespace));
        if (carves) state.check(id, namespace);
        if (!state.organisations[GOVERNOR].pass(GOVERNOR, carves, call)) return;
        state.add(id, namespace);
    }

    function setSuspended(
        RegistryState storage state,
        bytes32 id,
        bool suspended,
        string calldata reason,
        bytes calldata call
    ) external {
        _onlyGovernor(state);
        Organisation storage own = _existing(state, id);
        _requireReason(reason);
        if (suspended && own.suspended) revert IDaoChainRegistry.Suspended(id);
        if (!suspended && !own.suspended) revert IDaoChainRegistry.NotSuspended(id);
        if (!state.organisations[GOVERNOR].pass(GOVERNOR, true, call)) return;
        own.suspended = suspended;
        bytes32 selector = suspended
            ? IDaoChainRegistry.OrganisationSuspended.selector
            : IDaoChainRegistry.OrganisationRestored.selector;
        own.append(OrganisationLog.topicsOf(selector, id, msg.sender), abi.encode(reason));
    }

    // ------------------------------------------------------------------ whoever an organisation's acts are up to

    function setDelay(RegistryState storage state, bytes32 id, uint16 delayHours, bytes calldata call) external {
        Organisation storage own = _authorised(state, id);
        if (delayHours > WaitingActs.MAX_DELAY) revert IDaoChainRegistry.DelayInvalid(delayHours);
        if (!own.pass(id, delayHours < own.delayHours, call)) return;
        own.delayHours = delayHours;
        own.append(
            OrganisationLog.topicsOf(IDaoChainRegistry.DelayChanged.selector, id, msg.sender), abi.encode(delayHours)
        );
    }

    function cancelActs(RegistryState storage state, bytes32 id, bytes32[] calldata actIds) external {
        _authorised(state, id).cancel(id, actIds);
    }

    // ------------------------------------------------------------------ admins

    function setDisplayName(RegistryState storage state, bytes32 id, string calldata displayName) external {
        Organisation storage own = _administered(state, id);
        _requireDisplayName(displayName);
        own.displayName = displayName;
        own.append(
            OrganisationLog.topicsOf(IDaoChainRegistry.DisplayNameChanged.selector, id, msg.sender),
            abi.encode(displayName)
        );
    }

    function removeNamespace(RegistryState storage state, bytes32 id, string calldata namespace, bytes calldata call)
        external
    {
        Organisation storage own = _administered(state, id);
        if (state.owners[keccak256(bytes(namespace))] != id) {
            revert IDaoChainRegistry.NamespaceNotOwned(namespace, id);
        }
        if (own.pass(id, true, call)) state.remove(id, namespace);
    }

    function addAdmin(RegistryState storage state, bytes32 id, address admin, bytes calldata call) external {
        Organisation storage own = _administered(state, id);
        if (admin == address(0)) revert IDaoChainRegistry.AddressZero();
        if (own.admins.contains(admin)) revert IDaoChainRegistry.AlreadyAdmin(id, admin);
        if (own.admins.length() >= MAX_ADMINS) revert IDaoChainRegistry.TooMany("admins", MAX_ADMINS);
        if (own.pass(id, true, call)) _addAdmin(own, id, admin);
    }

    function removeAdmin(RegistryState storage state, bytes32 id, address admin, bytes calldata call) external {
        Organisation storage own = _administered(state, id);
        if (!own.admins.contains(admin)) revert IDaoChainRegistry.NotAdmin(id, admin);
        if (own.admins.length() == 1) revert IDaoChainRegistry.LastAdmin(id);
        if (!own.pass(id, true, call)) return;
        own.admins.remove(admin);
        _logAccount(own, IDaoChainRegistry.AdminRemoved.selector, id, admin, "");
    }

    function addSigner(
        RegistryState storage state,
        bytes32 id,
        address signer,
        string calldata prefix,
        bytes calldata call
    ) external {
        Organisation storage own = _administered(state, id);
        if (!Namespaces.isNamespace(bytes(prefix))) revert IDaoChainRegistry.NamespaceInvalid(prefix);
        _requireNewSigner(state, id, signer);
        if (own.signers.length() >= MAX_SIGNERS) revert IDaoChainRegistry.TooMany("signers", MAX_SIGNERS);
        if (own.pass(id, true, call)) _addSigner(state, id, signer, prefix);
    }

    function retireSigner(RegistryState storage state, bytes32 id, address signer) external {
        Organisation storage own = _administered(state, id);
        _retireSigner(state, id, signer);
        _requireReachable(own, own.threshold);
    }

    function replaceSigner(
        RegistryState storage state,
        bytes32 id,
        address signer,
        address replacement,
        bytes calldata call
    ) external {
        Organisation storage own = _administered(state, id);
        if (!own.signers.contains(signer)) revert IDaoChainRegistry.NotSigner(id, signer);
        _requireNewSigner(state, id, replacement);
        if (!own.pass(id, true, call)) return;
        _retireSigner(state, id, signer);
        _addSigner(state, id, replacement, state.signerPrefixes[id][signer]);
    }

    function voidSigner(RegistryState storage state, bytes32 id, address signer, uint64 since) external {
        Organisation storage own = _administered(state, id);
        IDaoChainRegistry.SignerState storage times = state.signerStates[id][signer];
        if (since > block.timestamp) revert IDaoChainRegistry.VoidInFuture(since);
        // 0 stands for "not voided"; nothing was approved before second 1.
        if (since == 0) since = 1;
        // Never later than before: what fell does not rise again.
        if (times.voidSince != 0 && since >= times.voidSince) {
            revert IDaoChainRegistry.AlreadyVoided(id, signer, times.voidSince);
        }
        times.voidSince = since;
        _logAccount(own, IDaoChainRegistry.SignerVoided.selector, id, signer, abi.encode(since));
        // Reverts where it never was a signer.
        if (times.retiredAt == 0) _retireSigner(state, id, signer);
    }

    function setThreshold(RegistryState storage state, bytes32 id, uint8 threshold, bytes calldata call) external {
        Organisation storage own = _administered(state, id);
        if (threshold == 0) revert IDaoChainRegistry.ThresholdInvalid(threshold, own.signers.length());
        _requireReachable(own, threshold);
        if (!own.pass(id, threshold < own.threshold, call)) return;
        own.threshold = threshold;
        own.append(
            OrganisationLog.topicsOf(IDaoChainRegistry.ThresholdChanged.selector, id, msg.sender),
            abi.encode(threshold)
        );
    }

    /// Of a claim in every record, or of a record.
    function revokeClaim(RegistryState storage state, bytes32 id, bytes32 claimId, string calldata reason) external {
        Organisation storage own = _administered(state, id);
        _requireReason(reason);
        Revocation storage revocation = state.revocations[id][claimId];
        if (revocation.time != 0 && !revocation.recordOnly) revert IDaoChainRegistry.ClaimAlreadyRevoked(claimId);
        revocation.time = uint64(block.timestamp);
        revocation.recordOnly = false;
        own.append(
            OrganisationLog.topicsOf(IDaoChainRegistry.ClaimRevoked.selector, claimId, id, msg.sender),
            abi.encode(reason)
        );
    }

    function revokeDigests(RegistryState storage state, bytes32 id, bytes32[] calldata digests, string calldata reason)
        external
    {
        Organisation storage own = _administered(state, id);
        _requireReason(reason);
        if (digests.length == 0) revert IDaoChainRegistry.DigestsMissing();
        if (digests.length > MAX_DIGESTS) revert IDaoChainRegistry.TooMany("digests", MAX_DIGESTS);
        for (uint256 i = 0; i < digests.length; ++i) {
            bytes32 digest = digests[i];
            if (digest == 0) revert IDaoChainRegistry.DigestZero();
            if (state.digestRevocations[id][digest] != 0) revert IDaoChainRegistry.DigestAlreadyRevoked(id, digest);
            state.digestRevocations[id][digest] = uint64(block.timestamp);
            own.append(
                OrganisationLog.topicsOf(IDaoChainRegistry.DigestRevoked.selector, digest, id, msg.sender),
                abi.encode(reason)
            );
        }
    }

    // ------------------------------------------------------------------ inside

    function _onlyGovernor(RegistryState storage state) private view {
        if (msg.sender != state.governor) revert IDaoChainRegistry.NotGovernor(msg.sender);
    }

    function _existing(RegistryState storage state, bytes32 id) private view returns (Organisation storage own) {
        own = state.organisations[id];
        if (own.threshold == 0) revert IDaoChainRegistry.UnknownOrganisation(id);
    }

    function _administered(RegistryState storage state, bytes32 id) private view returns (Organisation storage own) {
        own = _existing(state, id);
        if (!own.admins.contains(msg.sender)) revert IDaoChainRegistry.NotAdmin(id, msg.sender);
    }

    function _authorised(RegistryState storage state, bytes32 id) private view returns (Organisation storage own) {
        if (id != GOVERNOR) return _administered(state, id);
        _onlyGovernor(state);
        return state.organisations[GOVERNOR];
    }

    function _addAdmin(Organisation storage own, bytes32 id, address admin) private {
        own.admins.add(admin);
        _logAccount(own, IDaoChainRegistry.AdminAdded.selector, id, admin, "");
    }

    /// Once only: an address that was retired stays so, hence one pair of times tells all of its past.
    function _requireNewSigner(RegistryState storage state, bytes32 id, address signer) private view {
        if (signer == address(0)) revert IDaoChainRegistry.AddressZero();
        IDaoChainRegistry.SignerState storage times = state.signerStates[id][signer];
        if (times.retiredAt != 0) revert IDaoChainRegistry.WasSigner(id, signer);
        if (times.addedAt != 0) revert IDaoChainRegistry.AlreadySigner(id, signer);
    }

    function _addSigner(RegistryState storage state, bytes32 id, address signer, string memory prefix) private {
        Organisation storage own = state.organisations[id];
        own.signers.add(signer);
        IDaoChainRegistry.SignerState storage times = state.signerStates[id][signer];
        times.addedAt = uint64(block.timestamp);
        if (bytes(prefix).length != 0) {
            times.bound = true;
            state.signerPrefixes[id][signer] = prefix;
        }
        _logAccount(own, IDaoChainRegistry.SignerAdded.selector, id, signer, abi.encode(prefix));
    }

    function _retireSigner(RegistryState storage state, bytes32 id, address signer) private {
        Organisation storage own = state.organisations[id];
        if (!own.signers.remove(signer)) revert IDaoChainRegistry.NotSigner(id, signer);
        state.signerStates[id][signer].retiredAt = uint64(block.timestamp);
        _logAccount(own, IDaoChainRegistry.SignerRetired.selector, id, signer, "");
    }

    /// Reverts where the organisation has fewer signers than the threshold.
    function _requireReachable(Organisation storage own, uint8 threshold) private view {
        uint256 signers = own.signers.length();
        if (threshold > signers) revert IDaoChainRegistry.ThresholdInvalid(threshold, signers);
    }

    function _requireReason(string calldata reason) private pure {
        if (bytes(reason).length > MAX_REASON) revert IDaoChainRegistry.TooLong("reason", MAX_REASON);
    }

    function _requireDisplayName(string calldata displayName) private pure {
        if (bytes(displayName).length > MAX_DISPLAY_NAME) {
            revert IDaoChainRegistry.TooLong("displayName", MAX_DISPLAY_NAME);
        }
    }

    /// An event about an account of an organisation, by the sender.
    function _logAccount(Organisation storage own, bytes32 selector, bytes32 id, address account, bytes memory data)
        private
    {
        own.append(OrganisationLog.topicsOf(selector, id, OrganisationLog.asTopic(account), msg.sender), data);
    }

    /// An event about the registry itself.
    function _logGovernor(RegistryState storage state, bytes32 selector, address first, address second) private {
        state.organisations[GOVERNOR].append(
            OrganisationLog.topicsOf(selector, OrganisationLog.asTopic(first), second), ""
        );
    }

    /// A DNS label in lower case (RFC 1123): 1 to 63 of a-z, 0-9 and '-', no '-' at either end.
    function _isName(bytes calldata name) private pure returns (bool) {
        if (name.length == 0 || name.length > MAX_NAME) return false;
        if (!Namespaces.isAlphanumeric(name[0]) || !Namespaces.isAlphanumeric(name[name.length - 1])) return false;
        for (uint256 i = 1; i < name.length; ++i) {
            if (name[i] != "-" && !Namespaces.isAlphanumeric(name[i])) return false;
        }
        return true;
    }
}
