// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {Namespaces} from "./Namespaces.sol";

/// @title Who may speak, and for whom
/// @notice The governor admits organisations and gives them namespaces. All else in an organisation is its admins'.
abstract contract Organisations is Namespaces {
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 internal constant MAX_ADMINS = 16;
    uint256 internal constant MAX_SIGNERS = 32;
    uint256 internal constant MAX_NAME = 63;
    uint256 internal constant MAX_DISPLAY_NAME = 128;
    uint256 internal constant MAX_PAGE = 200;

    /// `threshold` is at least 1 in every organisation that exists.
    struct Organisation {
        uint16 threshold;
        string name;
        string displayName;
        EnumerableSet.AddressSet admins;
        EnumerableSet.AddressSet signers;
    }

    /// @inheritdoc IDaoChainRegistry
    address public governor;
    /// @inheritdoc IDaoChainRegistry
    address public governorCandidate;
    bytes32[] private _ids;
    mapping(bytes32 organisation => Organisation) private _organisations;
    mapping(bytes32 organisation => mapping(address signer => SignerState)) internal _signerStates;

    modifier onlyGovernor() {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        _;
    }

    modifier onlyAdmin(bytes32 id) {
        _threshold(id);
        if (!isAdmin(id, msg.sender)) revert NotAdmin(id, msg.sender);
        _;
    }

    constructor(address firstGovernor) {
        if (firstGovernor == address(0)) revert AddressZero();
        governor = firstGovernor;
        emit GovernorTransferred(address(0), firstGovernor);
    }

    // ------------------------------------------------------------------ governor

    /// @inheritdoc IDaoChainRegistry
    function transferGovernor(address candidate) external onlyGovernor {
        governorCandidate = candidate;
        emit GovernorTransferStarted(msg.sender, candidate);
    }

    /// @inheritdoc IDaoChainRegistry
    function acceptGovernor() external {
        if (msg.sender != governorCandidate) revert NotGovernorCandidate(msg.sender);
        emit GovernorTransferred(governor, msg.sender);
        governor = msg.sender;
        delete governorCandidate;
    }

    /// @inheritdoc IDaoChainRegistry
    function admitOrganisation(
        string calldata name,
        string calldata displayName,
        address admin,
        bool adminSigns,
        string[] calldata namespaces
    ) external onlyGovernor returns (bytes32 id) {
        if (!_isName(bytes(name))) revert NameInvalid(name);
        _requireDisplayName(displayName);
        id = keccak256(bytes(name));
        Organisation storage added = _organisations[id];
        if (added.threshold != 0) revert OrganisationExists(id);

        added.threshold = 1;
        added.name = name;
        added.displayName = displayName;
        _ids.push(id);
        emit OrganisationAdmitted(id, name, displayName, admin);
        _addAdmin(id, admin);
        if (adminSigns) _addSigner(id, admin);
        for (uint256 i = 0; i < namespaces.length; ++i) {
            _addNamespace(id, namespaces[i]);
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function addNamespace(bytes32 id, string calldata namespace) external onlyGovernor {
        _threshold(id);
        _addNamespace(id, namespace);
    }

    // ------------------------------------------------------------------ admins

    /// @inheritdoc IDaoChainRegistry
    function setDisplayName(bytes32 id, string calldata displayName) external onlyAdmin(id) {
        _requireDisplayName(displayName);
        _organisations[id].displayName = displayName;
        emit DisplayNameChanged(id, displayName, msg.sender);
    }

    /// @inheritdoc IDaoChainRegistry
    function removeNamespace(bytes32 id, string calldata namespace) external onlyAdmin(id) {
        _removeNamespace(id, namespace);
    }

    /// @inheritdoc IDaoChainRegistry
    function addAdmin(bytes32 id, address admin) external onlyAdmin(id) {
        _addAdmin(id, admin);
    }

    /// @inheritdoc IDaoChainRegistry
    function removeAdmin(bytes32 id, address admin) external onlyAdmin(id) {
        EnumerableSet.AddressSet storage admins = _organisations[id].admins;
        if (!admins.contains(admin)) revert NotAdmin(id, admin);
        if (admins.length() == 1) revert LastAdmin(id);
        admins.remove(admin);
        emit AdminRemoved(id, admin, msg.sender);
    }

    /// @inheritdoc IDaoChainRegistry
    function addSigner(bytes32 id, address signer) external onlyAdmin(id) {
        _addSigner(id, signer);
    }

    /// @inheritdoc IDaoChainRegistry
    function retireSigner(bytes32 id, address signer) external onlyAdmin(id) {
        _retireSigner(id, signer);
        _requireReachable(id, _organisations[id].threshold);
    }

    /// @inheritdoc IDaoChainRegistry
    function replaceSigner(bytes32 id, address signer, address replacement) external onlyAdmin(id) {
        _retireSigner(id, signer);
        _addSigner(id, replacement);
    }

    /// @inheritdoc IDaoChainRegistry
    function voidSigner(bytes32 id, address signer, uint64 since) external onlyAdmin(id) {
        SignerState storage state = _signerStates[id][signer];
        if (since > block.timestamp) revert VoidInFuture(since);
        // 0 stands for "not voided"; nothing was approved before second 1.
        if (since == 0) since = 1;
        // Never later than before: what fell does not rise again.
        if (state.voidSince != 0 && since >= state.voidSince) revert AlreadyVoided(id, signer, state.voidSince);
        state.voidSince = since;
        emit SignerVoided(id, signer, since, msg.sender);
        if (state.retiredAt != 0) return;

        // Reverts where it never was a signer.
        _retireSigner(id, signer);
        uint256 remaining = _organisations[id].signers.length();
        if (remaining != 0 && remaining < _organisations[id].threshold) {
            // At most MAX_SIGNERS, so it fits.
            _setThreshold(id, uint16(remaining));
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function setThreshold(bytes32 id, uint16 threshold) external onlyAdmin(id) {
        if (threshold == 0) revert ThresholdInvalid(threshold, _organisations[id].signers.length());
        _requireReachable(id, threshold);
        _setThreshold(id, threshold);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IDaoChainRegistry
    function organisation(bytes32 id) external view returns (OrganisationView memory) {
        Organisation storage found = _organisations[id];
        return OrganisationView({
            name: found.name,
            displayName: found.displayName,
            threshold: found.threshold,
            admins: found.admins.values(),
            signers: found.signers.values(),
            namespaces: _namespacesOf(id)
        });
    }

    /// @inheritdoc IDaoChainRegistry
    function organisations(uint256 offset, uint256 limit)
        external
        view
        returns (string[] memory names, uint256 total)
    {
        if (limit == 0 || limit > MAX_PAGE) revert PageInvalid();
        total = _ids.length;
        uint256 left = offset < total ? total - offset : 0;
        names = new string[](left < limit ? left : limit);
        for (uint256 i = 0; i < names.length; ++i) {
            names[i] = _organisations[_ids[offset + i]].name;
        }
    }

    /// @inheritdoc IDaoChainRegistry
    function isAdmin(bytes32 id, address account) public view returns (bool) {
        return _organisations[id].admins.contains(account);
    }

    /// @inheritdoc IDaoChainRegistry
    function isSigner(bytes32 id, address account) public view returns (bool) {
        SignerState storage state = _signerStates[id][account];
        return state.addedAt != 0 && state.retiredAt == 0;
    }

    /// @inheritdoc IDaoChainRegistry
    function signerState(bytes32 id, address account) external view returns (SignerState memory) {
        return _signerStates[id][account];
    }

    // ------------------------------------------------------------------ inside

    /// The organisation's threshold; reverts where there is no such organisation.
    function _threshold(bytes32 id) internal view returns (uint16 threshold) {
        threshold = _organisations[id].threshold;
        if (threshold == 0) revert UnknownOrganisation(id);
    }

    function _nameAndThreshold(bytes32 id) internal view returns (string memory name, uint16 threshold) {
        Organisation storage found = _organisations[id];
        return (found.name, found.threshold);
    }

    function _requireDisplayName(string calldata displayName) private pure {
        if (bytes(displayName).length > MAX_DISPLAY_NAME) revert TooLong("displayName", MAX_DISPLAY_NAME);
    }

    function _addAdmin(bytes32 id, address admin) private {
        if (admin == address(0)) revert AddressZero();
        EnumerableSet.AddressSet storage admins = _organisations[id].admins;
        if (admins.length() >= MAX_ADMINS) revert TooMany("admins", MAX_ADMINS);
        if (!admins.add(admin)) revert AlreadyAdmin(id, admin);
        emit AdminAdded(id, admin, msg.sender);
    }

    /// Once only: an address that was retired stays so, hence one pair of times tells all of its past.
    function _addSigner(bytes32 id, address signer) private {
        if (signer == address(0)) revert AddressZero();
        SignerState storage state = _signerStates[id][signer];
        if (state.retiredAt != 0) revert WasSigner(id, signer);
        if (state.addedAt != 0) revert AlreadySigner(id, signer);
        EnumerableSet.AddressSet storage signers = _organisations[id].signers;
        if (signers.length() >= MAX_SIGNERS) revert TooMany("signers", MAX_SIGNERS);
        signers.add(signer);
        state.addedAt = uint64(block.timestamp);
        emit SignerAdded(id, signer, msg.sender);
    }

    function _retireSigner(bytes32 id, address signer) private {
        if (!_organisations[id].signers.remove(signer)) revert NotSigner(id, signer);
        _signerStates[id][signer].retiredAt = uint64(block.timestamp);
        emit SignerRetired(id, signer, msg.sender);
    }

    function _setThreshold(bytes32 id, uint16 threshold) private {
        _organisations[id].threshold = threshold;
        emit ThresholdChanged(id, threshold, msg.sender);
    }

    /// Reverts where the organisation has fewer signers than the threshold.
    function _requireReachable(bytes32 id, uint16 threshold) private view {
        uint256 signers = _organisations[id].signers.length();
        if (threshold > signers) revert ThresholdInvalid(threshold, signers);
    }

    /// A DNS label in lower case (RFC 1123): 1 to 63 of a-z, 0-9 and '-', no '-' at either end.
    function _isName(bytes calldata name) private pure returns (bool) {
        if (name.length == 0 || name.length > MAX_NAME) return false;
        if (!_isAlphanumeric(name[0]) || !_isAlphanumeric(name[name.length - 1])) return false;
        for (uint256 i = 1; i < name.length; ++i) {
            if (name[i] != "-" && !_isAlphanumeric(name[i])) return false;
        }
        return true;
    }
}
